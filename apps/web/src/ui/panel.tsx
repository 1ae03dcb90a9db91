import { ActionIcon, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhone } from './phone.js';
import { Sheet } from './sheet.js';
import './panel.css';

/** What every panel of one place shares, whatever stands in it. */
export interface PanelFrame {
  side: 'left' | 'right' | 'bottom';
  /** Names the panel for who cannot see it. */
  label: string;
  /** Pixels: the width of a side panel, the height of the drawer. */
  size: number;
  onSize?: (size: number) => void;
  limits?: [least: number, most: number];
  onClose?: () => void;
}

interface Props extends PanelFrame {
  head: ReactNode;
  foot?: ReactNode;
  children: ReactNode;
}

/** A panel over the map's edge; on a phone a sheet that rises from below. */
export function Panel({
  side,
  label,
  head,
  foot,
  size,
  onSize,
  limits = [300, 560],
  onClose,
  children,
}: Props) {
  const { t } = useTranslation();
  const phone = usePhone();
  const close = onClose ? (
    <Tooltip label={t('action.close')}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={phone ? 40 : 28}
        onClick={onClose}
        aria-label={t('action.close')}
      >
        <IconX size={18} />
      </ActionIcon>
    </Tooltip>
  ) : null;
  const inside = (
    <>
      <header className="panel-head">
        <div className="panel-title">{head}</div>
        {close}
      </header>
      <div className="panel-body">{children}</div>
      {foot ? <footer className="panel-foot">{foot}</footer> : null}
    </>
  );
  if (phone) return <Sheet label={label}>{inside}</Sheet>;
  const extent = side === 'bottom' ? { height: size } : { width: size };
  return (
    <aside className={`panel panel-${side}`} style={extent} aria-label={label}>
      {onSize ? <Grip side={side} size={size} limits={limits} onSize={onSize} /> : null}
      {inside}
    </aside>
  );
}

interface GripProps {
  side: PanelFrame['side'];
  size: number;
  limits: [number, number];
  onSize: (size: number) => void;
}

/** The panel's inner edge: drag it, or move it with the arrow keys. */
function Grip({ side, size, limits: [least, most], onSize }: GripProps) {
  const { t } = useTranslation();
  const [from, setFrom] = useState<{ at: number; size: number } | null>(null);
  const along = (event: { clientX: number; clientY: number }) =>
    side === 'bottom' ? event.clientY : event.clientX;
  const sign = side === 'left' ? 1 : -1;
  const set = (next: number) => onSize(Math.round(Math.min(most, Math.max(least, next))));
  const byKey = (event: KeyboardEvent) => {
    const grows = { left: 'ArrowRight', right: 'ArrowLeft', bottom: 'ArrowUp' }[side];
    const shrinks = { left: 'ArrowLeft', right: 'ArrowRight', bottom: 'ArrowDown' }[side];
    if (event.key !== grows && event.key !== shrinks) return;
    event.preventDefault();
    set(size + (event.key === grows ? 24 : -24));
  };
  return (
    <div
      className="panel-grip"
      role="separator"
      aria-orientation={side === 'bottom' ? 'horizontal' : 'vertical'}
      aria-label={t('panel.resize')}
      aria-valuenow={size}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onKeyDown={byKey}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom({ at: along(event), size });
      }}
      onPointerMove={(event) => from && set(from.size + sign * (along(event) - from.at))}
      onPointerUp={() => setFrom(null)}
      onPointerCancel={() => setFrom(null)}
    />
  );
}
