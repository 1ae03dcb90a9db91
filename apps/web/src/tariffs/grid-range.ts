/** Pure arithmetic of a spreadsheet: cells by row and column from 0, blocks of text as Excel copies them. */

export interface Cell {
  row: number;
  column: number;
}

/** A rectangle of cells, corners included. */
export interface Range {
  top: number;
  left: number;
  bottom: number;
  right: number;
}

/** The rectangle between two corners, in whatever order they were taken. */
export function rangeOf(a: Cell, b: Cell): Range {
  return {
    top: Math.min(a.row, b.row),
    left: Math.min(a.column, b.column),
    bottom: Math.max(a.row, b.row),
    right: Math.max(a.column, b.column),
  };
}

export const inRange = (range: Range, row: number, column: number): boolean =>
  row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;

/** The cell that a key goes to, within a table of that size; Tab at a row's end goes on in the next. */
export function moved(at: Cell, key: string, rows: number, columns: number): Cell {
  const clamp = (row: number, column: number): Cell => ({
    row: Math.min(rows - 1, Math.max(0, row)),
    column: Math.min(columns - 1, Math.max(0, column)),
  });
  const { row, column } = at;
  switch (key) {
    case 'ArrowUp':
      return clamp(row - 1, column);
    case 'ArrowDown':
    case 'Enter':
      return clamp(row + 1, column);
    case 'ArrowLeft':
      return clamp(row, column - 1);
    case 'ArrowRight':
      return clamp(row, column + 1);
    case 'Tab':
      return column + 1 < columns ? clamp(row, column + 1) : clamp(row + 1, row + 1 < rows ? 0 : column);
    case 'Shift+Tab':
      return column > 0 ? clamp(row, column - 1) : clamp(row - 1, row > 0 ? columns - 1 : 0);
    case 'Home':
      return clamp(row, 0);
    case 'End':
      return clamp(row, columns - 1);
    case 'PageUp':
      return clamp(row - 10, column);
    case 'PageDown':
      return clamp(row + 10, column);
    default:
      return at;
  }
}

/**
 * A block as Excel, LibreOffice and Google Sheets put it on the clipboard: cells by tabs, rows by line breaks, a cell
 * with either of them (or a quote) in quotes. The line break at its end makes no row of its own.
 */
export function readBlock(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  const endCell = () => {
    rows.at(-1)?.push(cell.trim());
    cell = '';
  };
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (quoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell === '') quoted = true;
    else if (sign === '\t') endCell();
    else if (sign === '\n') {
      endCell();
      rows.push([]);
    } else if (sign !== '\r') cell += sign;
  }
  if (cell !== '' || (rows.at(-1)?.length ?? 0) > 0) endCell();
  return rows.filter((row) => row.length > 0);
}

/** The same the other way: what a spreadsheet pastes as a block. */
export function writeBlock(rows: readonly (readonly string[])[]): string {
  const quoted = (cell: string): string => (/[\t\n"]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quoted).join('\t')).join('\n');
}

/**
 * A figure as a file writes it: Excel copies `1,200.50` and `₹ 12,34,567`, and a file holds plain decimals. Anything
 * else stays what it is.
 */
export function plainFigure(text: string): string {
  const bare = text.replace(/^₹\s*/, '').replace(/\s/g, '');
  return /^-?\d{1,3}(,\d{2,3})*(\.\d+)?$/.test(bare) && bare.includes(',') ? bare.replaceAll(',', '') : text;
}
