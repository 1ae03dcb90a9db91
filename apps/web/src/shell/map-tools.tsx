import { ActionIcon, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconHome, IconMinus, IconPlus, IconStack2 } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Box, Layer } from '../api/types.js';
import { useMap } from '../map/map-context.js';
import { usePhone } from '../ui/phone.js';
import { LayerList } from './layer-list.js';

/** What floats over the map: layers, the whole municipality, nearer, farther. */
export function MapTools({ layers, home }: { layers: Layer[]; home: Box | null }) {
  const { t } = useTranslation();
  const map = useMap();
  const [open, setOpen] = useState(false);
  const goHome = () => home && map?.flyToBox(home);
  useHotkeys([
    ['L', () => setOpen((now) => !now)],
    ['H', goHome],
    ['+', () => map?.zoomBy(1)],
    ['=', () => map?.zoomBy(1)],
    ['-', () => map?.zoomBy(-1)],
  ]);
  return (
    <>
      <div className="map-tools">
        <Tool label={t('layers.title')} keyName="L" pressed={open} onAct={() => setOpen(!open)}>
          <IconStack2 size={19} stroke={1.7} />
        </Tool>
        {home ? (
          <Tool label={t('map.home')} keyName="H" onAct={goHome}>
            <IconHome size={19} stroke={1.7} />
          </Tool>
        ) : null}
        <div className="map-zoom">
          <Tool label={t('map.nearer')} keyName="+" onAct={() => map?.zoomBy(1)}>
            <IconPlus size={18} />
          </Tool>
          <Tool label={t('map.farther')} keyName="-" onAct={() => map?.zoomBy(-1)}>
            <IconMinus size={18} />
          </Tool>
        </div>
      </div>
      {open ? <LayerList layers={layers} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

interface ToolProps {
  label: string;
  keyName: string;
  pressed?: boolean;
  onAct: () => void;
  children: ReactNode;
}

/** One button over the map, with its key told in the tooltip; larger for a thumb. */
function Tool({ label, keyName, pressed, onAct, children }: ToolProps) {
  const phone = usePhone();
  return (
    <Tooltip label={`${label} (${keyName})`} position="left">
      <ActionIcon
        variant="default"
        size={phone ? 44 : 34}
        aria-label={label}
        aria-keyshortcuts={keyName}
        aria-pressed={pressed}
        onClick={onAct}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
