import { Skeleton } from '@mantine/core';
import { IconHomeSearch } from '@tabler/icons-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import {
  isDiscoveryOpen,
  useDiscoveryRefresh,
  useDiscoveryRuns,
  useFinding,
  useFindingOn,
  useFunnel,
} from '../api/discovery.js';
import { useMap } from '../map/map-context.js';
import { Empty } from '../ui/empty.js';
import { Failure } from '../ui/failure.js';
import { Panel } from '../ui/panel.js';
import { usePhone } from '../ui/phone.js';
import { formatSelection, useSelection } from '../ui/selection.js';
import { useUrl, writeUrl } from '../ui/url-state.js';
import { Accounting } from './accounting.js';
import { FindingCardView } from './finding-card.js';
import { FindingDrawer } from './finding-drawer.js';
import { FindingTheme } from './finding-theme.js';
import { FunnelChart } from './funnel-chart.js';
import { RunBox } from './run-box.js';
import { Tolerances } from './tolerances.js';
import '../assessment/assess.css';
import './discovery.css';

interface Props {
  permissions: readonly string[];
  width: number;
  height: number;
  onHeight: (height: number) => void;
  onClose: () => void;
}

/** The work space of discovery: at the left the run, the funnel or one finding; below the list; all of them on the map. */
export default function DiscoverRoom({ permissions, width, height, onHeight, onClose }: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const runs = useDiscoveryRuns();
  const funnel = useFunnel();
  const [chosen, choose] = useUrl('finding');
  useClickOnMap();
  useShownOnMap(chosen);
  useRefreshWhenDone(isDiscoveryOpen(runs.data?.[0]));
  const any = (funnel.data?.total.stages[0]?.count ?? 0) > 0;
  const drawer = <FindingDrawer chosen={chosen} height={height} onHeight={onHeight} phone={phone} />;
  return (
    <>
      <FindingTheme counts={funnel.data} />
      <Panel
        side="left"
        label={t('view.discover')}
        size={width}
        onClose={chosen ? () => choose(null) : onClose}
        head={<h2 className="assess-title">{t(chosen ? 'discover.finding' : 'discover.title')}</h2>}
      >
        {chosen ? (
          <FindingCardView key={chosen} id={chosen} permissions={permissions} />
        ) : (
          <>
            <RunBox run={runs.data?.[0]} mayRun={permissions.includes('discovery:run')} />
            {runs.isError ? <Failure error={runs.error} onRetry={() => void runs.refetch()} /> : null}
            {runs.isPending ? <Skeleton height={120} m={16} width="auto" /> : null}
            {runs.data?.length === 0 ? (
              <Empty icon={<IconHomeSearch size={24} />} title={t('discover.empty.title')}>
                {t('discover.empty.detail')}
              </Empty>
            ) : null}
            {funnel.data && any ? <FunnelChart funnel={funnel.data} /> : null}
            {runs.data?.[0] ? <Accounting run={runs.data[0]} /> : null}
            {phone && any ? drawer : null}
            <Tolerances mayChange={permissions.includes('discovery:decide')} />
          </>
        )}
      </Panel>
      {!phone && any ? drawer : null}
    </>
  );
}

/** A click on a building or on land that has a finding opens it. */
function useClickOnMap(): void {
  const selection = useSelection();
  const isLand = selection?.kind === 'feature' && /^(buildings|parcels)$/.test(selection.layer);
  const clicked = useFindingOn(isLand ? formatSelection(selection) : null);
  const id = isLand ? clicked.data?.items[0]?.id : undefined;
  useEffect(() => {
    if (id) writeUrl({ finding: id, sel: null });
  }, [id]);
}

/** The finding that is chosen is marked on the map, and flown to. */
function useShownOnMap(id: string | null): void {
  const map = useMap();
  const finding = useFinding(id).data;
  useEffect(() => {
    if (!map || !finding || finding.id !== id) return;
    const tiles = finding.evidence.footprints.map(({ tileId }) => Number(tileId));
    const layer = tiles.length ? 'buildings' : 'parcels';
    const tileIds = tiles.length ? tiles : [Number(finding.parcelTileId)];
    map.select({ layer, tileIds, center: finding.center });
    map.flyToBox(finding.bbox);
    return () => map.select(null);
  }, [map, finding, id]);
}

/** What a run has found shows when it ends, and from time to time while it goes on. */
function useRefreshWhenDone(open: boolean): void {
  const refresh = useDiscoveryRefresh();
  useEffect(() => {
    if (!open) return;
    return () => refresh();
    // Only the end of a run is of interest here.
  }, [open]);
}
