import { type ClipboardEvent, type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Edit, Fault, YamlPath, YamlValue } from '../api/tariffs.js';
import { cellText, cellValue, faultsAt, listOf } from './content.js';
import { type Cell, inRange, moved, plainFigure, rangeOf, readBlock, writeBlock } from './grid-range.js';
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

const moves = /^(Arrow(Up|Down|Left|Right)|Home|End|PageUp|PageDown|Tab|Enter)$/;

/** A table of the tariff as a spreadsheet: keys, typing, blocks copied to and from Excel. */
export function TableGrid({ label, path, columns, rows, faults, changed, readOnly, onEdits, onActive }: Props) {
  const { t } = useTranslation();
  const [active, setActive] = useState<Cell>({ row: 0, column: 0 });
  const [corner, setCorner] = useState<Cell>({ row: 0, column: 0 });
  const [draft, setDraft] = useState<string | null>(null);
  const grid = useRef<HTMLTableElement>(null);
  const focusNext = useRef(false);
  const range = rangeOf(active, corner);
  const textAt = ({ row, column }: Cell) => cellText(listOf(rows[row])[column]);

  const go = (to: Cell, extend = false) => {
    setCorner(to);
    if (!extend) {
      setActive(to);
      onActive(to.row);
    }
    focusNext.current = true;
  };
  useEffect(() => {
    if (!focusNext.current || draft !== null) return;
    focusNext.current = false;
    const cell = grid.current?.querySelector<HTMLElement>(`[data-cell="${corner.row}:${corner.column}"]`);
    cell?.focus({ preventScroll: true });
    cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  });

  const edit = (cell: Cell, text: string): Edit => ({
    op: 'set',
    path: [...path, cell.row, cell.column],
    value: cellValue(plainFigure(text), columns[cell.column]?.isCode ?? false),
  });
  const commit = (key: string) => {
    if (draft !== null && draft !== textAt(active)) onEdits([edit(active, draft)]);
    setDraft(null);
    go(moved(active, key, rows.length, columns.length));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTableElement>) => {
    if (event.nativeEvent.isComposing) return;
    const key = event.key === 'Tab' && event.shiftKey ? 'Shift+Tab' : event.key;
    if (draft !== null) {
      event.stopPropagation();
      if (key === 'Escape') setDraft(null);
      if (key === 'Escape') go(active);
      if (key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        commit(key);
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (moves.test(event.key)) {
      const from = event.shiftKey && event.key !== 'Tab' ? corner : active;
      const to = moved(from, key, rows.length, columns.length);
      // Tab at the table's end leaves it, so that no one is caught in it.
      if (event.key === 'Tab' && to.row === from.row && to.column === from.column) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Enter' && !readOnly) setDraft(textAt(active));
      else go(to, event.shiftKey && event.key !== 'Tab');
      return;
    }
    if (readOnly) return;
    if (event.key === 'F2') setDraft(textAt(active));
    else if (event.key === 'Delete' || event.key === 'Backspace') setDraft('');
    else if (event.key.length === 1) setDraft(event.key);
    else return;
    event.preventDefault();
    // A digit is a figure here, not the key of a work space.
    event.stopPropagation();
  };

  const onCopy = (event: ClipboardEvent) => {
    if (draft !== null) return;
    const block: string[][] = [];
    for (let row = range.top; row <= range.bottom; row += 1) {
      const cells = columns.map((_, column) => textAt({ row, column }));
      block.push(cells.slice(range.left, range.right + 1));
    }
    event.clipboardData.setData('text/plain', writeBlock(block));
    event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (draft !== null || readOnly) return;
    event.preventDefault();
    const block = readBlock(event.clipboardData.getData('text/plain'));
    onEdits(pasted(block, active, rows, edit, path, columns.length));
    const [height, width] = [block.length, Math.max(0, ...block.map((row) => row.length))];
    setCorner({
      row: Math.max(0, active.row + height - 1),
      column: Math.min(columns.length, active.column + width) - 1,
    });
  };
  const onPointerDown = (event: PointerEvent, cell: Cell) => {
    if (draft !== null && active.row === cell.row && active.column === cell.column) return;
    if (draft !== null && draft !== textAt(active)) onEdits([edit(active, draft)]);
    setDraft(null);
    event.preventDefault();
    go(cell, event.shiftKey);
  };

  return (
    <div className="grid-scroll">
      <table
        ref={grid}
        className="tariff-grid"
        role="grid"
        aria-label={label}
        aria-readonly={readOnly}
        aria-multiselectable="true"
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onPaste={onPaste}
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
              {columns.map(({ isFigure }, c) => {
                const wrong = faultsAt(faults, [...path, r, c])[0];
                const before = changed.get(`${r}:${c}`);
                const isActive = active.row === r && active.column === c;
                const text = cellText(listOf(row)[c]);
                return (
                  <td
                    key={c}
                    role="gridcell"
                    data-cell={`${r}:${c}`}
                    tabIndex={isActive ? 0 : -1}
                    className={isFigure ? 'amount' : undefined}
                    aria-selected={inRange(range, r, c)}
                    aria-invalid={wrong ? true : undefined}
                    data-active={isActive || undefined}
                    data-changed={before !== undefined || undefined}
                    title={wrong ? `${wrong.message} ${wrong.remedy}` : before && t('tariffs.grid.before', { before })}
                    onPointerDown={(event) => onPointerDown(event, { row: r, column: c })}
                    onDoubleClick={() => !readOnly && setDraft(text)}
                  >
                    {isActive && draft !== null ? (
                      <input
                        className={isFigure ? 'amount' : undefined}
                        value={draft}
                        aria-label={t('tariffs.grid.cell', { row: r + 1, column: columns[c]?.title })}
                        ref={(input) => input?.focus()}
                        onChange={(event) => setDraft(event.currentTarget.value)}
                        onBlur={() => {
                          if (draft !== null && draft !== text) onEdits([edit(active, draft)]);
                          setDraft(null);
                        }}
                      />
                    ) : (
                      text || '\u00a0'
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A block laid over the cells from the active one on; rows beyond the table's end become new rows. */
function pasted(
  block: string[][],
  active: Cell,
  rows: YamlValue[],
  edit: (cell: Cell, text: string) => Edit,
  path: YamlPath,
  columns: number,
): Edit[] {
  const edits: Edit[] = [];
  block.forEach((cells, i) => {
    const row = active.row + i;
    const placed = cells
      .slice(0, columns - active.column)
      .map((text, j) => edit({ row, column: active.column + j }, text));
    if (row < rows.length) edits.push(...placed);
    else {
      const values = Array.from({ length: columns }, (_, column): YamlValue => {
        const own = placed[column - active.column];
        return own && own.op !== 'remove' ? own.value : '';
      });
      edits.push({ op: 'insert', path: [...path, row], value: values });
    }
  });
  return edits;
}
