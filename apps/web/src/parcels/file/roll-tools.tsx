import { Button, Select, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconFileImport, IconPlus } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChangeStatus, useChanges } from '../../api/property-file.js';
import { useSession } from '../../api/session.js';
import { count } from '../../ui/format.js';
import { useUrl } from '../../ui/url-state.js';
import { Batches } from './batches.js';
import { ChangesTable } from './changes-table.js';
import { FiledReturns } from './filed-returns.js';
import './file.css';

const PropertyForm = lazy(() =>
  import('./property-form.js').then((each) => ({ default: each.PropertyForm })),
);
const ChangeReview = lazy(() =>
  import('./change-review.js').then((each) => ({ default: each.ChangeReview })),
);
const BatchLoad = lazy(() => import('./batch-load.js').then((each) => ({ default: each.BatchLoad })));

/** At the head of the roll: what waits to be checked, a new property, a file of changes. */
export function RollTools() {
  const { t } = useTranslation();
  const may = useSession().data?.permissions ?? [];
  const [list, setList] = useUrl('list');
  const [open, setOpen] = useState<'new' | 'load' | null>(null);
  const mayEdit = may.includes('properties:edit');
  const waiting = useChanges('submitted').data?.total;
  const start = (what: 'new' | 'load') => mayEdit && setOpen(what);
  const toggle = () => setList(list === 'changes' ? null : 'changes');
  useHotkeys([
    ['N', () => start('new')],
    ['C', toggle],
  ]);
  const why = mayEdit ? null : t('file.mayNot');
  return (
    <div className="changes-head">
      <Button size="compact-sm" variant={list === 'changes' ? 'light' : 'default'} onClick={toggle}>
        {list === 'changes'
          ? t('file.toRoll')
          : `${t('file.changes')}${waiting ? ` (${count(waiting)})` : ''}`}
      </Button>
      <Tooltip label={why ?? t('file.newKey')}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          data-disabled={why ? true : undefined}
          aria-disabled={!mayEdit}
          onClick={() => start('new')}
        >
          {t('file.newProperty')}
        </Button>
      </Tooltip>
      <Tooltip label={why ?? t('file.loadHow')} multiline maw={320}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconFileImport size={14} aria-hidden="true" />}
          data-disabled={why ? true : undefined}
          aria-disabled={!mayEdit}
          onClick={() => start('load')}
        >
          {t('file.load')}
        </Button>
      </Tooltip>
      <Suspense fallback={null}>
        {open === 'new' ? <PropertyForm file={null} onClose={() => setOpen(null)} /> : null}
        {open === 'load' ? <BatchLoad onClose={() => setOpen(null)} /> : null}
      </Suspense>
    </div>
  );
}

const statuses: ChangeStatus[] = ['submitted', 'returned', 'draft', 'approved'];

/** The queue of a checker, and what has become of one's own changes. */
export function ChangesPart() {
  const { t } = useTranslation();
  const may = useSession().data?.permissions ?? [];
  const [status, setStatus] = useState<ChangeStatus>('submitted');
  const [change, setChange] = useUrl('change');
  return (
    <>
      <div className="batch-card">
        <Select
          size="xs"
          w={240}
          aria-label={t('file.state')}
          data={statuses.map((each) => ({ value: each, label: t(`file.list.${each}`) }))}
          value={status}
          allowDeselect={false}
          onChange={(next) => setStatus((next as ChangeStatus | null) ?? 'submitted')}
        />
      </div>
      {status === 'submitted' ? <FiledReturns /> : null}
      {status === 'submitted' ? <Batches mayApprove={may.includes('properties:approve')} /> : null}
      <ChangesTable status={status} onOpen={(id) => setChange(id)} />
      <Suspense fallback={null}>
        {change ? (
          <ChangeReview
            id={change}
            mayReveal={may.includes('owners:reveal')}
            onClose={() => setChange(null)}
          />
        ) : null}
      </Suspense>
    </>
  );
}
