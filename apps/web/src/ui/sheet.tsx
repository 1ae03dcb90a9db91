import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import './panel.css';

const heights = [22, 52, 88] as const;

/** The phone's panel: rises from below to three heights, by thumb, tap or arrow keys. */
export function Sheet({ label, children }: { label: string; children: ReactNode }) {
  const { t } = useTranslation();
  const [step, setStep] = useState(1);
  const [drag, setDrag] = useState<number | null>(null);
  const start = useRef(0);
  const height = heights[step] ?? 52;
  const move = (by: number) => setStep((now) => Math.min(heights.length - 1, Math.max(0, now + by)));
  const drop = () => {
    if (drag === null) return;
    if (Math.abs(drag) < 6) setStep((now) => (now + 1) % heights.length);
    else if (Math.abs(drag) > 40) move(drag < 0 ? 1 : -1);
    setDrag(null);
  };
  const byKey = (event: KeyboardEvent) => {
    if (event.key === 'ArrowUp') move(1);
    else if (event.key === 'ArrowDown') move(-1);
    else return;
    event.preventDefault();
  };
  return (
    <aside
      className="sheet"
      aria-label={label}
      style={{
        height: `calc(${height}dvh - ${drag ?? 0}px)`,
        transition: drag === null ? undefined : 'none',
      }}
    >
      <button
        type="button"
        className="sheet-handle"
        aria-label={t('panel.height')}
        onKeyDown={byKey}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start.current = event.clientY;
          setDrag(0);
        }}
        onPointerMove={(event) => drag !== null && setDrag(event.clientY - start.current)}
        onPointerUp={drop}
        onPointerCancel={() => setDrag(null)}
      />
      {children}
    </aside>
  );
}
