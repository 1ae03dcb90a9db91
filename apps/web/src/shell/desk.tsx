import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLayers } from '../api/map.js';
import type { Layer, Session } from '../api/types.js';
import type { JaribMap } from '../map/jarib-map.js';
import { MapCanvas } from '../map/map-canvas.js';
import { MapContext } from '../map/map-context.js';
import { formatPosition, parsePosition, positionOf } from '../map/position.js';
import { palettes } from '../map/styles/palette.js';
import { usePhone } from '../ui/phone.js';
import { select, type Selection, useSelection } from '../ui/selection.js';
import { fontFamily } from '../ui/theme.js';
import { readUrl, useUrl, writeUrl } from '../ui/url-state.js';
import { BaseMap } from './base-map.js';
import { MapTools } from './map-tools.js';
import { Rail } from './rail.js';
import { SelectionOnMap } from './selection-on-map.js';
import { useStage } from './stage.js';
import { TopBar } from './top-bar.js';
import { may, openTo, type View } from './work-spaces.js';
import './desk.css';

const Inspector = lazy(() => import('./inspector.js'));
const RollDrawer = lazy(() => import('../parcels/roll-drawer.js'));
const AssessPanel = lazy(() => import('../assessment/assess-panel.js'));
const TariffsRoom = lazy(() => import('../tariffs/tariffs-room.js'));
const TaxTheme = lazy(() => import('../assessment/tax-theme.js'));
const SimulatePanel = lazy(() => import('../simulate/simulate-panel.js'));
const DiscoverRoom = lazy(() => import('../discovery/discover-room.js'));
const EquityPanel = lazy(() => import('../equity/equity-panel.js'));
const KeyHelp = lazy(() => import('./key-help.js'));

const go = (next: View): void => writeUrl({ view: next === 'map' ? null : next }, true);

/** The page of a person who is signed in: the map, and the panels that serve it. */
export default function Desk({ session }: { session: Session }) {
  const [map, setMap] = useState<JaribMap | null>(null);
  const [help, setHelp] = useState(false);
  const selection = useSelection();
  const view = useView(session);
  const layers = useLayers();
  const { toggleColorScheme } = useMantineColorScheme();
  useEffect(() => writeUrl({ ulb: session.ulb.code }), [session]);
  useHotkeys([
    ...openTo(session).map(({ view: each, key }): [string, () => void] => [key, () => go(each)]),
    ['shift+?', () => setHelp(true)],
    ['Escape', () => (help ? setHelp(false) : selection ? select(null) : view !== 'map' && go('map'))],
    ['shift+D', () => toggleColorScheme()],
  ]);
  return (
    <MapContext.Provider value={map}>
      <div className="desk">
        <Rail session={session} view={view} onView={go} onHelp={() => setHelp(true)} />
        <TopBar session={session} />
        <Stage session={session} view={view} selection={selection} layers={layers} map={map} onMap={setMap} />
        <Suspense fallback={null}>
          {help ? <KeyHelp session={session} onClose={() => setHelp(false)} /> : null}
        </Suspense>
      </div>
    </MapContext.Provider>
  );
}

interface StageProps {
  session: Session;
  view: View;
  selection: Selection | null;
  layers: ReturnType<typeof useLayers>;
  map: JaribMap | null;
  onMap: (map: JaribMap | null) => void;
}

/** The map and everything that lies over it. */
function Stage({ session, view, selection, layers, map, onMap }: StageProps) {
  const { t, i18n } = useTranslation();
  const phone = usePhone();
  const scheme = useComputedColorScheme('light');
  const home = session.ulb.bbox;
  const stage = useStage({ view, inspecting: selection !== null, phone, map, home });
  const appearance = useMemo(
    () => ({ palette: palettes[scheme], language: i18n.language, fontFamily }),
    [scheme, i18n.language],
  );
  const [start] = useState(
    () => parsePosition(readUrl('map')) ?? positionOf(home, window.innerWidth - 96, window.innerHeight - 80),
  );
  return (
    <main className="stage" style={stage.style}>
      <MapCanvas
        appearance={appearance}
        start={start}
        label={t('map.label')}
        onReady={onMap}
        onPick={(picked) => select(picked ? { kind: 'feature', ...picked } : null)}
        onMove={(position) => writeUrl({ map: formatPosition(position) })}
      />
      <BaseMap ulb={session.ulb.code} layers={layers} showEmpty={view === 'map'} />
      <SelectionOnMap />
      <MapTools layers={layers.data ?? []} home={home} />
      <Panels
        session={session}
        view={view}
        selection={selection}
        layers={layers.data ?? []}
        stage={stage}
        phone={phone}
      />
    </main>
  );
}

interface PanelsProps extends Omit<StageProps, 'layers' | 'map' | 'onMap'> {
  layers: Layer[];
  stage: ReturnType<typeof useStage>;
  phone: boolean;
}

/**
 * Each panel is fetched when it is first opened. A phone shows one at a time, the selection before the
 * rest.
 */
function Panels({ session, view, selection, layers, stage, phone }: PanelsProps) {
  const covered = phone && selection !== null;
  const close = () => go('map');
  return (
    <Suspense fallback={null}>
      {may(session, 'assessments:read') && view !== 'simulate' && view !== 'discover' ? (
        <TaxTheme view={view} />
      ) : null}
      {view === 'roll' && !covered ? (
        <RollDrawer height={stage.drawer} onHeight={stage.setDrawer} onClose={close} />
      ) : null}
      {view === 'assess' && !covered ? (
        <AssessPanel mayRun={may(session, 'assessments:run')} width={stage.left} onClose={close} />
      ) : null}
      {view === 'simulate' && !covered ? (
        <SimulatePanel
          session={session}
          width={stage.left}
          height={stage.drawer}
          onHeight={stage.setDrawer}
          onClose={close}
        />
      ) : null}
      {view === 'discover' && !covered ? (
        <DiscoverRoom
          permissions={session.permissions}
          width={stage.left}
          height={stage.drawer}
          onHeight={stage.setDrawer}
          onClose={close}
        />
      ) : null}
      {view === 'equity' && !covered ? (
        <EquityPanel mayImport={may(session, 'sales:import')} width={stage.left} onClose={close} />
      ) : null}
      {view === 'tariffs' ? <TariffsRoom session={session} /> : null}
      {selection && view !== 'tariffs' ? (
        <Inspector
          session={session}
          selection={selection}
          layers={layers}
          width={stage.right}
          onWidth={stage.setRight}
        />
      ) : null}
    </Suspense>
  );
}

/** The work space of the address, or the map where the address names none that this person may open. */
function useView(session: Session): View {
  const [view] = useUrl('view');
  return openTo(session).find((each) => each.view === view)?.view ?? 'map';
}
