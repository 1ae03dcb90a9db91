import { useLocalStorage, useViewportSize } from '@mantine/hooks';
import { type CSSProperties, useEffect, useRef } from 'react';
import type { Box } from '../api/types.js';
import type { JaribMap } from '../map/jarib-map.js';
import { readUrl } from '../ui/url-state.js';
import type { View } from './work-spaces.js';

interface Situation {
  view: View;
  inspecting: boolean;
  phone: boolean;
  map: JaribMap | null;
  /** The municipality, for an address that names no place. */
  home: Box | null;
}

/**
 * Which parts of the map the panels cover. The map itself never jumps when one opens: only what is flown to
 * heeds it.
 */
export function useStage({ view, inspecting, phone, map, home }: Situation) {
  const { height } = useViewportSize();
  const [right, setRight] = useLocalStorage({
    key: 'jarib.inspector',
    defaultValue: 380,
    getInitialValueInEffect: false,
  });
  const [drawer, setDrawer] = useLocalStorage({
    key: 'jarib.drawer',
    defaultValue: 300,
    getInitialValueInEffect: false,
  });
  const left = 372;
  const bottom = Math.min(drawer, Math.max(200, (height || 768) - 220));
  const covered = {
    left: !phone && ['assess', 'simulate', 'discover', 'equity'].includes(view) ? left : 0,
    right: !phone && inspecting ? right : 0,
    bottom: phone
      ? inspecting || view !== 'map'
        ? height * 0.52
        : 0
      : ['roll', 'simulate', 'discover'].includes(view)
        ? bottom
        : 0,
  };
  useEffect(() => {
    map?.setPadding([0, covered.right, covered.bottom, covered.left]);
  }, [map, covered.right, covered.bottom, covered.left]);
  const placed = useRef(readUrl('map') !== null);
  useEffect(() => {
    if (!map || placed.current) return;
    placed.current = true;
    if (home) map.flyToBox(home, 17, 0);
  }, [map, home]);
  const style = {
    '--panel-left': `${covered.left}px`,
    '--panel-right': `${covered.right}px`,
    '--panel-bottom': `${phone ? 0 : covered.bottom}px`,
  } as CSSProperties;
  return { style, left, right, setRight, drawer: bottom, setDrawer };
}
