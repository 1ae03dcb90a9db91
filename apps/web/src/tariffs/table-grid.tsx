import { type ClipboardEvent, type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Edit, Fault, YamlPath, YamlValue } from '../api/tariffs.js';
import { cellText, cellValue, faultsAt, listOf } from './content.js';
import { GridCell } from './grid-cell.js';
import { type Cell, inRange, moved, plainFigure, type Range, readBlock, writeBlock } from './grid-range.js';
import { type GridSelection, useGridSelection } from './grid-selection.js';
import './grid.css';

export interface GridColumn {
  title: string;
  /** A code, or several; ranges and values are one text. */
  isCode: boolean;
  /** Figures stand at the right. */
  isFigure: boolean;
}

interface Props {
  label: string;
  path: YamlPath;
  columns: GridColumn[];
  rows: YamlValue[];
  faults: readonly Fault[];
  /** Cells that differ from the version in force, `row:column`, with what stood there. */
  changed: ReadonlyMap<string, string>;
  readOnly: boolean;
  onEdits: (edits: Edit[]) => void;
  /** Told the row that new rows go behind, and that is removed. */
  onActive: (row: number) => void;
}

/** A table of the tariff as a spreadsheet: keys, typing, blocks copied to and from Excel. */
export function TableGrid(props: Props) {
  const { t } = useTranslation();
  const { label, path, columns, rows, faults, changed, readOnly } = props;
  const grid = useRef<HTMLTableElement>(null);
  const [draft, setDraft] = useState<string | null>(null);
  const selection = useGridSelection(grid, draft !== null, props.onActive);
  const hands = useHands(props, selection, draft, setDraft);
  const { active, range } = selection;
  return (
    <div className="grid-scroll">
      <table
        ref={grid}
        className="tariff-grid"
        role="grid"
        aria-label={label}
        aria-readonly={readOnly}
        aria-multiselectable="true"
        onKeyDown={hands.onKeyDown}
        onCopy={hands.onCopy}
        onPaste={hands.onPaste}
      >
        <thead>
          <tr>
            <th scope="col" className="grid-no">
              <span className="visually-hidden">{t('tariffs.grid.row')}</span>
            </th>
            {columns.map(({ title, isFigure }) => (
              <th key={title} scope="col" className={isFigure ? 'amount' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              <th scope="row" className="grid-no number">
                {r + 1}
              </th>
              {columns.map((column, c) => {
                const isActive = active.row === r && active.column === c;
                return (
                  <GridCell
                    key={c}
                    place={{ row: r, column: c }}
                    text={cellText(listOf(row)[c])}
                    column={column}
                    fault={faultsAt(faults, [...path, r, c])[0]}
                    before={changed.get(`${r}:${c}`)}
                    active={isActive}
                    selected={inRange(range, r, c)}
                    draft={isActive ? draft : null}
                    onDraft={setDraft}
                    onLeave={hands.leave}
                    onPoint={(event) => hands.onPoint(event, { row: r, column: c })}
                    onOpen={() => !readOnly && setDraft(cellText(listOf(row)[c]))}
                  />
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What keyboard, clipboard and pointer do to the grid. */
function useHands(
  { path, columns, rows, readOnly, onEdits }: Props,
  selection: GridSelection,
  draft: string | null,
  setDraft: (draft: string | null) => void,
) {
  const { active, range, go, stretch } = selection;
  const textAt = ({ row, column }: Cell) => cellText(listOf(rows[row])[column]);
  const edit = (cell: Cell, text: string): Edit => ({
    op: 'set',
    path: [...path, cell.row, cell.column],
    value: cellValue(plainFigure(text), columns[cell.column]?.isCode ?? false),
  });
  const leave = () => {
    if (draft !== null && draft !== textAt(active)) onEdits([edit(active, draft)]);
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    const size = { rows: rows.length, columns: columns.length };
    const done = draft === null ? keyOnCell(event, selection, size, readOnly) : keyInCell(event);
    if (!done) return;
    // A digit is a figure here, not the key of a work space; Escape ends the editing, not the work space.
    event.stopPropagation();
    if (done === 'typing') return;
    event.preventDefault();
    if (done === 'cancel') {
      setDraft(null);
      go(active);
    } else if (done === 'open') setDraft(textAt(active));
    else if ('text' in done) setDraft(done.text);
    else if ('to' in done) go(done.to, done.extend);
    else {
      leave();
      go(moved(active, done.key, size.rows, size.columns));
    }
  };
  const onCopy = (event: ClipboardEvent) => {
    if (draft !== null) return;
    event.clipboardData.setData('text/plain', copied(rows, range));
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (draft !== null || readOnly) return;
    event.preventDefault();
    const block = readBlock(event.clipboardData.getData('text/plain'));
    onEdits(block.flatMap((cells, i) => pastedRow(cells, active.row + i)));
    const width = Math.max(1, ...block.map((row) => row.length));
    stretch({
      row: Math.max(0, active.row + block.length - 1),
      column: Math.min(columns.length, active.column + width) - 1,
    });
  };
  /** Laid over the cells from the active one on; beyond the table's end a new row. */
  const pastedRow = (cells: string[], row: number): Edit[] => {
    const own = cells.slice(0, columns.length - active.column);
    if (row < rows.length) return own.map((text, j) => edit({ row, column: active.column + j }, text));
    const value = columns.map(({ isCode }, column) =>
      cellValue(plainFigure(own[column - active.column] ?? ''), isCode),
    );
    return [{ op: 'insert', path: [...path, row], value }];
  };
  const onPoint = (event: PointerEvent, cell: Cell) => {
    if (draft !== null && active.row === cell.row && active.column === cell.column) return;
    leave();
    event.preventDefault();
    go(cell, event.shiftKey);
  };
  return { onKeyDown, onCopy, onPaste, onPoint, leave };
}

/** The selected block as a spreadsheet pastes it. */
function copied(rows: readonly YamlValue[], { top, left, bottom, right }: Range): string {
  const block = rows.slice(top, bottom + 1).map((row) =>
    listOf(row)
      .slice(left, right + 1)
      .map(cellText),
  );
  return writeBlock(block);
}

const moves = /^(Arrow(Up|Down|Left|Right)|Home|End|PageUp|PageDown|Tab|Enter)$/;

type Done =
  'typing' | 'cancel' | 'open' | { text: string } | { to: Cell; extend: boolean } | { key: string } | null;

const nameOf = (event: KeyboardEvent): string =>
  event.key === 'Tab' && event.shiftKey ? 'Shift+Tab' : event.key;

/** A key while a cell is being typed in: Enter and Tab save and go on. */
function keyInCell(event: KeyboardEvent): Done {
  if (event.nativeEvent.isComposing) return 'typing';
  if (event.key === 'Escape') return 'cancel';
  return event.key === 'Enter' || event.key === 'Tab' ? { key: nameOf(event) } : 'typing';
}

/** A key while a cell is selected: it moves, opens the cell, or is the first letter of its new text. */
function keyOnCell(
  event: KeyboardEvent,
  { active, corner }: GridSelection,
  size: { rows: number; columns: number },
  readOnly: boolean,
): Done {
  if (event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) return null;
  if (event.key === 'Enter' && !readOnly) return 'open';
  if (moves.test(event.key)) {
    const extend = event.shiftKey && event.key !== 'Tab';
    const from = extend ? corner : active;
    const to = moved(from, nameOf(event), size.rows, size.columns);
    // Tab at the table's end leaves it, so that no one is caught in it.
    return event.key === 'Tab' && to.row === from.row && to.column === from.column ? null : { to, extend };
  }
  if (readOnly) return null;
  if (event.key === 'F2') return 'open';
  if (event.key === 'Delete' || event.key === 'Backspace') return { text: '' };
  return event.key.length === 1 ? { text: event.key } : null;
}
