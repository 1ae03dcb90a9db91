import { ActionIcon, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconHome, IconMinus, IconPlus, IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Box, Layer } from '../api/types.js';
import { useMap } from '../map/map-context.js';
import { usePhone } from '../ui/phone.js';
import { LayerList } from './layer-list.js';

/** What floats over the map: layers, the whole municipality, nearer, farther. */
export function MapTools({ layers, home }: { layers: Layer[]; home: Box | null }) {
  const { t } = useTranslation();
  const map = useMap();
  const phone = usePhone();
  const [open, setOpen] = useState(false);
  const goHome = () => home && map?.flyToBox(home);
  useHotkeys([
    ['L', () => setOpen((now) => !now)],
    ['H', goHome],
    ['+', () => map?.zoomBy(1)],
    ['=', () => map?.zoomBy(1)],
    ['-', () => map?.zoomBy(-1)],
  ]);
  const size = phone ? 44 : 34;
  const tool = (label: string, key: string, icon: React.ReactNode, act: () => void, pressed?: boolean) => (
    <Tooltip label={`${label} (${key})`} position="left">
      <ActionIcon
        variant="default"
        size={size}
        aria-label={label}
        aria-keyshortcuts={key}
        aria-pressed={pressed}
        onClick={act}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  );
  return (
    <>
      <div className="map-tools">
        {tool(t('layers.title'), 'L', <IconStack2 size={19} stroke={1.7} />, () => setOpen(!open), open)}
        {home ? tool(t('map.home'), 'H', <IconHome size={19} stroke={1.7} />, goHome) : null}
        <div className="map-zoom">
          {tool(t('map.nearer'), '+', <IconPlus size={18} />, () => map?.zoomBy(1))}
          {tool(t('map.farther'), '-', <IconMinus size={18} />, () => map?.zoomBy(-1))}
        </div>
      </div>
      {open ? <LayerList layers={layers} onClose={() => setOpen(false)} /> : null}
    </>
  );
}
