import { Button, Skeleton } from '@mantine/core';
import { IconFileOff } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFeature } from '../api/map.js';
import { useParcelProperties } from '../api/roll.js';
import { useSession } from '../api/session.js';
import type { Layer, RollRow } from '../api/types.js';
import { useCodeWords } from '../ui/code-words.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { Facts, Section } from '../ui/facts.js';
import { featureFacts } from '../ui/feature-words.js';
import { area, count, rupees } from '../ui/format.js';
import { Panel, type PanelFrame } from '../ui/panel.js';
import { select } from '../ui/selection.js';
import './card.css';

const PropertyForm = lazy(() =>
  import('./file/property-form.js').then((each) => ({ default: each.PropertyForm })),
);

interface Props {
  frame: PanelFrame;
  tileId: number;
  layers: Layer[];
  /** The card of a property: shown straight where the parcel carries just one. */
  card: (propertyId: string) => ReactNode;
}

/** What stands on the roll for the parcel that was clicked. */
export function ParcelInspector({ frame, tileId, layers, card }: Props) {
  const { t, i18n } = useTranslation();
  const parcel = useFeature('parcels', tileId);
  const pages = useParcelProperties(parcel.data?.id ?? null);
  const rows = pages.data?.pages.flatMap(({ items }) => items) ?? [];
  const total = pages.data?.pages[0]?.total ?? rows.length;
  const only = rows.length === 1 && !pages.hasNextPage ? rows[0] : undefined;
  if (only) return card(only.id);

  const layer = layers.find(({ name }) => name === 'parcels');
  const failed = parcel.isError ? parcel : pages.isError ? pages : null;
  return (
    <Panel
      {...frame}
      head={
        <div className="card-head">
          <span className="quiet">{t('noun.parcel')}</span>
          <h2 className="number">
            {parcel.data ? String(parcel.data.attributes.parcel_no ?? t('word.unnumbered')) : '…'}
          </h2>
          {pages.data ? <p>{t('parcel.properties', { count: total, number: count(total) })}</p> : null}
        </div>
      }
    >
      {failed ? <Failure error={failed.error} onRetry={() => failed.refetch()} /> : null}
      {!failed && pages.isPending ? <Skeleton height={160} m={16} width="auto" /> : null}
      {pages.data && rows.length === 0 ? (
        <Empty
          icon={<IconFileOff size={24} />}
          title={t('parcel.empty.title')}
          action={parcel.data ? <EnterHere parcelId={parcel.data.id} /> : null}
        >
          {t('parcel.empty.detail')}
        </Empty>
      ) : null}
      <ul className="property-list">
        {rows.map((row) => (
          <PropertyLine key={row.id} row={row} />
        ))}
      </ul>
      {pages.hasNextPage ? (
        <div className="section">
          <Button
            size="xs"
            variant="default"
            fullWidth
            loading={pages.isFetchingNextPage}
            onClick={() => pages.fetchNextPage()}
          >
            {t('action.more', { left: count(total - rows.length) })}
          </Button>
        </div>
      ) : null}
      {parcel.data && layer ? (
        <Section title={t('parcel.facts')}>
          <Facts facts={featureFacts(layer, parcel.data, i18n.language, t)} />
        </Section>
      ) : null}
    </Panel>
  );
}

function PropertyLine({ row }: { row: RollRow }) {
  const codeWords = useCodeWords();
  return (
    <li>
      <button type="button" onClick={() => select({ kind: 'property', id: row.id })}>
        <span>
          <strong className="number">{row.number}</strong>
          <span className="quiet">
            {[row.ownerMasked, codeWords('use', row.use)].filter(Boolean).join(' · ')}
          </span>
        </span>
        <span className="owner-end">
          <span className="number">{rupees(row.demandPaise)}</span>
          <span className="quiet number">{area(row.areaM2)}</span>
        </span>
      </button>
    </li>
  );
}

/** A property on land that has none yet: the land is known from the map. */
function EnterHere({ parcelId }: { parcelId: string }) {
  const { t } = useTranslation();
  const mayEdit = useSession().data?.permissions.includes('properties:edit') ?? false;
  const [open, setOpen] = useState(false);
  if (!mayEdit) return null;
  return (
    <>
      <Button size="xs" variant="light" onClick={() => setOpen(true)}>
        {t('file.enterHere')}
      </Button>
      <Suspense fallback={null}>
        {open ? <PropertyForm file={null} parcelIds={[parcelId]} onClose={() => setOpen(false)} /> : null}
      </Suspense>
    </>
  );
}
