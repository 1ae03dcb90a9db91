import { Button, Skeleton, Tabs, Tooltip } from '@mantine/core';
import { IconFocus2 } from '@tabler/icons-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useFeature } from '../api/map.js';
import { useProperty } from '../api/roll.js';
import type { Layer, PropertyCard } from '../api/types.js';
import { useMap } from '../map/map-context.js';
import { Failure } from '../ui/failure.js';
import { Panel, type PanelFrame } from '../ui/panel.js';
import { Tag } from '../ui/tag.js';
import { useUrl } from '../ui/url-state.js';
import { FactsTab } from './facts-tab.js';
import { CardActs } from './file/card-acts.js';
import './card.css';

const HistoryTab = lazy(() => import('./file/history-tab.js'));

interface Props {
  frame: PanelFrame;
  id: string;
  mayReveal: boolean;
  /** The assessment's tab, for who may read it. The roll knows nothing of tax. */
  tax: ((propertyId: string) => ReactNode) | null;
  layers: Layer[];
}

/** The property card. */
export function PropertyInspector({ frame, id, mayReveal, tax }: Props) {
  const { t } = useTranslation();
  const property = useProperty(id);
  const [tab, setTab] = useUrl('tab');
  const card = property.data;
  const shown = tab === 'tax' && tax ? 'tax' : tab === 'history' ? 'history' : 'facts';
  return (
    <Panel
      {...frame}
      head={card ? <Head card={card} /> : <HeadPlace />}
      foot={card ? <Foot card={card} /> : null}
    >
      {property.isError ? <Failure error={property.error} onRetry={() => property.refetch()} /> : null}
      {property.isPending ? <Skeleton height={240} m={16} width="auto" /> : null}
      {card ? (
        <Tabs value={shown} onChange={(next) => setTab(next === 'facts' ? null : next)} keepMounted={false}>
          <Tabs.List className="card-tabs">
            <Tabs.Tab value="facts">{t('card.facts')}</Tabs.Tab>
            {tax ? <Tabs.Tab value="tax">{t('card.tax')}</Tabs.Tab> : null}
            <Tabs.Tab value="history">{t('file.history')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="facts">
            <FactsTab card={card} mayReveal={mayReveal} />
          </Tabs.Panel>
          {tax ? <Tabs.Panel value="tax">{tax(id)}</Tabs.Panel> : null}
          <Tabs.Panel value="history">
            <Suspense fallback={<Skeleton height={200} m={16} />}>
              <HistoryTab propertyId={id} />
            </Suspense>
          </Tabs.Panel>
        </Tabs>
      ) : null}
    </Panel>
  );
}

function Head({ card }: { card: PropertyCard }) {
  const { t, i18n } = useTranslation();
  const address = i18n.language === 'en' ? card.address : (card.addressLocal ?? card.address);
  const place = [
    card.wardNumber ? t('card.ward', { ward: card.wardNumber }) : null,
    card.zoneNumber ? t('card.zone', { zone: card.zoneNumber }) : null,
  ];
  return (
    <div className="card-head">
      <span className="quiet">{t('noun.property')}</span>
      <h2>
        <span className="number">{card.number}</span>
        {card.status === 'retired' ? <Tag tone="danger">{t('card.retired')}</Tag> : null}
      </h2>
      <p>{[address ?? card.locality, ...place].filter(Boolean).join(' · ')}</p>
    </div>
  );
}

function HeadPlace() {
  return (
    <div className="card-head">
      <Skeleton height={12} width={70} />
      <Skeleton height={20} width={180} mt={8} />
    </div>
  );
}

/** The card's actions. */
function Foot({ card }: { card: PropertyCard }) {
  const { t } = useTranslation();
  const map = useMap();
  const parcel = card.parcels[0];
  const feature = useFeature(parcel ? 'parcels' : null, parcel ? Number(parcel.tileId) : null);
  const box = feature.data?.bbox;
  return (
    <div className="card-acts">
      <Tooltip label={t('card.noPlace')} disabled={parcel !== undefined}>
        <Button
          size="xs"
          variant="light"
          leftSection={<IconFocus2 size={16} aria-hidden="true" />}
          // Stays in the order of the keyboard, so that the reason can be read.
          data-disabled={box ? undefined : true}
          aria-disabled={!box}
          onClick={() => box && map?.flyToBox(box)}
        >
          {t('action.showOnMap')}
        </Button>
      </Tooltip>
      <CardActs propertyId={card.id} retired={card.status === 'retired'} />
    </div>
  );
}
