import type { PointerEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../api/tariffs.js';
import type { GridColumn } from './table-grid.js';

interface Props {
  place: { row: number; column: number };
  text: string;
  column: GridColumn;
  fault: Fault | undefined;
  /** What stands there in the version in force; undefined where it is the same. */
  before: string | undefined;
  active: boolean;
  selected: boolean;
  /** What is being typed here; null where nothing is. */
  draft: string | null;
  onDraft: (text: string) => void;
  onLeave: () => void;
  onPoint: (event: PointerEvent) => void;
  onOpen: () => void;
}

/** One cell of a table of rates. */
export function GridCell({ place, text, column, fault, before, active, selected, draft, ...on }: Props) {
  const { t } = useTranslation();
  const figure = column.isFigure ? 'amount' : undefined;
  return (
    <td
      role="gridcell"
      data-cell={`${place.row}:${place.column}`}
      tabIndex={active ? 0 : -1}
      className={figure}
      aria-selected={selected}
      aria-invalid={fault ? true : undefined}
      data-active={active || undefined}
      data-changed={before !== undefined || undefined}
      title={fault ? `${fault.message} ${fault.remedy}` : before && t('tariffs.grid.before', { before })}
      onPointerDown={on.onPoint}
      onDoubleClick={on.onOpen}
    >
      {draft === null ? (
        text || '\u00a0'
      ) : (
        <input
          className={figure}
          value={draft}
          aria-label={t('tariffs.grid.cell', { row: place.row + 1, column: column.title })}
          ref={(input) => input?.focus()}
          onChange={(event) => on.onDraft(event.currentTarget.value)}
          onBlur={on.onLeave}
        />
      )}
    </td>
  );
}
