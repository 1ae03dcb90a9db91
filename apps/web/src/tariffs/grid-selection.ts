import { type RefObject, useEffect, useRef, useState } from 'react';
import { type Cell, type Range, rangeOf } from './grid-range.js';

export interface GridSelection {
  /** The cell that typing goes to. */
  active: Cell;
  /** The cell that the focus is on: the other end of the selection. */
  corner: Cell;
  range: Range;
  go: (to: Cell, extend?: boolean) => void;
  stretch: (to: Cell) => void;
}

/** Which cells of a grid are selected; the focus follows after the next drawing, unless a cell is being edited. */
export function useGridSelection(
  grid: RefObject<HTMLTableElement | null>,
  editing: boolean,
  onActive: (row: number) => void,
): GridSelection {
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const [corner, setCorner] = useState<Cell>({ row: 0, column: 0 });
  const follow = useRef(false);
  useEffect(() => {
    if (!follow.current || editing) return;
    follow.current = false;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-cell="${corner.row}:${corner.column}"]`);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });
  const go = (to: Cell, extend = false) => {
    setCorner(to);
    if (!extend) {
      setActive(to);
      onActive(to.row);
    }
    follow.current = true;
  };
  return { active, corner, range: rangeOf(active, corner), go, stretch: setCorner };
}
