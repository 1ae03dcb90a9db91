import { Skeleton } from '@mantine/core';
import { IconChecks } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type Change, type ChangeStatus, useChanges } from '../../api/property-file.js';
import { Empty } from '../../ui/empty.js';
import { Failure } from '../../ui/failure.js';
import { dayAndTime } from '../../ui/format.js';
import { Tag } from '../../ui/tag.js';
import '../roll.css';

interface Props {
  status: ChangeStatus;
  onOpen: (id: string) => void;
}

/** Changes of the roll that wait, or one's own by state: what, of which property, by whom and since when. */
export function ChangesTable({ status, onOpen }: Props) {
  const { t } = useTranslation();
  const changes = useChanges(status);
  if (changes.isError) return <Failure error={changes.error} onRetry={() => changes.refetch()} />;
  if (changes.isPending) return <Skeleton height={96} m={12} width="auto" />;
  const { items } = changes.data;
  if (!items.length) {
    return (
      <Empty icon={<IconChecks size={24} />} title={t(`file.none.${status}.title`)}>
        {t(`file.none.${status}.detail`)}
      </Empty>
    );
  }
  return (
    <div className="roll" role="region" aria-label={t('file.changes')} tabIndex={0}>
      <table className="roll-table changes-table">
        <thead>
          <tr>
            <th scope="col">{t('roll.number')}</th>
            <th scope="col">{t('roll.ward')}</th>
            <th scope="col">{t('file.what')}</th>
            <th scope="col">{t('file.reason')}</th>
            <th scope="col">{t('file.maker')}</th>
            <th scope="col">{t('file.since')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((change) => (
            <Line key={change.id} change={change} onOpen={() => onOpen(change.id)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Line({ change, onOpen }: { change: Change; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const acts = Object.entries(change.acts).map(([act, count]) => t(`file.act.${act}`, { count }));
  return (
    <tr onClick={onOpen}>
      <td className="roll-number">
        <button type="button" className="roll-open number" onClick={onOpen}>
          {change.number ?? '–'}
        </button>
      </td>
      <td className="number">{change.wardNumber ?? '–'}</td>
      <td title={acts.join(', ')}>
        {change.batchId ? <Tag tone="accent">{t('file.ofFile')}</Tag> : null} {acts.join(', ')}
      </td>
      <td title={change.reason}>{change.reason}</td>
      <td>{change.mine ? t('file.you') : change.madeByLogin}</td>
      <td className="number">{dayAndTime(change.submittedAt ?? change.madeAt, i18n.language)}</td>
    </tr>
  );
}
