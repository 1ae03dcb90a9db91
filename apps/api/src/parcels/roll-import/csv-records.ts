import { isUtf8 } from 'node:buffer';

/**
 * One record of a CSV file, or what is wrong with it. `line` is the line of the file on which it begins,
 * from 1.
 */
export type CsvRecord =
  | { line: number; cells: string[] }
  | { line: number; fault: 'bad-quotes' | 'bad-encoding'; message: string; text: string };

/**
 * A cell in quotes may hold line feeds, but a quote that is never closed must not swallow the rest of the
 * file.
 */
const linesOfOneRecord = 50;

/**
 * Reads records by RFC 4180 from chunks of bytes. A record at fault is given as such, and reading goes on
 * with the line
 * after it; no record is lost and none is guessed at.
 */
export async function* csvRecords(
  chunks: AsyncIterable<Buffer>,
  separator: string,
): AsyncGenerator<CsvRecord> {
  let waiting: { line: number; text: string }[] = [];
  for await (const next of numberedLines(chunks)) {
    waiting.push(next);
    const whole = quotesOf(waiting) % 2 === 0;
    if (!whole && waiting.length < linesOfOneRecord) continue;
    if (whole) {
      const record = readRecord(waiting, separator);
      waiting = [];
      if (record) yield record;
      continue;
    }
    const opened = yield* giveUpFirst(waiting, separator);
    waiting = opened;
  }
  while (waiting.length) waiting = yield* giveUpFirst(waiting, separator);
}

/** The first line is told to be at fault; those after it are read anew. Returns what is still open. */
function* giveUpFirst(
  waiting: { line: number; text: string }[],
  separator: string,
): Generator<CsvRecord, { line: number; text: string }[]> {
  const [first, ...others] = waiting;
  if (!first) return [];
  yield {
    line: first.line,
    fault: 'bad-quotes',
    message: 'a quote is opened and never closed',
    text: first.text.slice(0, 200),
  };
  let open: { line: number; text: string }[] = [];
  for (const line of others) {
    open.push(line);
    if (quotesOf(open) % 2 === 1) continue;
    const record = readRecord(open, separator);
    open = [];
    if (record) yield record;
  }
  return open;
}

function quotesOf(lines: { text: string }[]): number {
  return lines.reduce((sum, { text }) => sum + text.split('"').length - 1, 0);
}

/**
 * Bytes are kept one to a character until a record is whole, so that a wrong byte spoils its own record
 * only.
 */
async function* numberedLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<{ line: number; text: string }> {
  let rest = '';
  let line = 0;
  for await (const chunk of chunks) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { line: (line += 1), text: line === 1 ? withoutMark(text) : text };
  }
  if (rest) yield { line: line + 1, text: line === 0 ? withoutMark(rest) : rest };
}

function withoutMark(text: string): string {
  return text.startsWith('\xef\xbb\xbf') ? text.slice(3) : text;
}

function readRecord(lines: { line: number; text: string }[], separator: string): CsvRecord | null {
  const { line } = lines[0]!;
  const bytes = lines
    .map(({ text }) => text)
    .join('\n')
    .replace(/\r$/, '');
  if (bytes === '') return null;
  const buffer = Buffer.from(bytes, 'latin1');
  if (!isUtf8(buffer)) {
    const text = bytes.replace(/[^\x20-\x7e]/g, '?').slice(0, 200);
    return { line, fault: 'bad-encoding', message: 'holds bytes that are not UTF-8', text };
  }
  const text = buffer.toString('utf8');
  const cells = cellsOf(text, separator);
  if (cells) return { line, cells };
  return {
    line,
    fault: 'bad-quotes',
    message: 'text stands outside the quotes of a cell',
    text: text.slice(0, 200),
  };
}

/** The cells of a whole record; null where something stands before or after the quotes of a cell. */
function cellsOf(text: string, separator: string): string[] | null {
  const cells: string[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === '"') {
      const quoted = /"((?:[^"]|"")*)"/y;
      quoted.lastIndex = at;
      const match = quoted.exec(text);
      if (!match) return null;
      at = quoted.lastIndex;
      if (at < text.length && text[at] !== separator) return null;
      cells.push((match[1] ?? '').replaceAll('""', '"'));
    } else {
      const end = text.indexOf(separator, at);
      const cell = text.slice(at, end < 0 ? undefined : end);
      if (cell.includes('"')) return null;
      cells.push(cell);
      at = end < 0 ? text.length : end;
    }
    if (at >= text.length) return cells;
    at += separator.length;
    if (at === text.length) return [...cells, ''];
  }
}

/** A cell as PostgreSQL's COPY text: an empty one is NULL. */
export function copyCell(cell: string): string {
  if (cell === '') return '\\N';
  return cell.replace(/[\\\t\n\r\0]/g, (sign) => escapes[sign] ?? '');
}

const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
