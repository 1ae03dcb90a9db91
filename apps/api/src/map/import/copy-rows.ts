import type { RowBatch } from './row-source.js';

const LF = 10;
const BACKSLASH = 92;

/** What stands before the rows: the names of the columns as the file has them. */
export interface CopyHead {
  columns: string[];
}

/**
 * Cuts a dump (`COPY "t" ("a", "b") FROM STDIN;` rows `\.`) into its head and batches of whole rows. A line
 * feed inside
 * a value is written as backslash and line feed, so a row ends only where an even number of backslashes
 * stands before it.
 */
export class CopyReader {
  private head: CopyHead | null = null;
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private trailingBackslashes = 0;
  private lineStart: Buffer[] = [];
  private ended = false;

  /** `heads` tells how many row blocks were seen: a file of several layers has several. */
  heads = 0;

  constructor(private readonly source: AsyncIterable<Buffer>) {}

  /** The columns, or null where the dump has no rows block at all. Call once, before `batches`. */
  async readHead(): Promise<CopyHead | null> {
    const iterator = this.source[Symbol.asyncIterator]();
    this.iterator = iterator;
    let text = '';
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      text += next.value.toString('latin1');
      const match = /^COPY "[^\n]*?" \((.*)\) FROM STDIN;\n/m.exec(text);
      if (match) {
        this.heads = 1;
        this.rest = Buffer.from(text.slice(match.index + match[0].length), 'latin1');
        this.head = { columns: columnNames(Buffer.from(match[1] ?? '', 'latin1').toString('utf8')) };
        return this.head;
      }
      if (text.length > 1_048_576) break;
    }
    return null;
  }

  private iterator: AsyncIterator<Buffer> | null = null;
  private rest: Buffer = Buffer.alloc(0);

  /** Batches of about `rows` rows, none above `bytes` unless one row alone is. */
  async *batches(rows: number, bytes: number): AsyncGenerator<RowBatch> {
    let count = 0;
    for (let chunk: Buffer | null = this.rest; chunk && !this.ended; chunk = await this.next()) {
      let from = 0;
      for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, at + 1)) {
        if (this.backslashesBefore(chunk, at) % 2 === 1) continue;
        const line = chunk.subarray(from, at + 1);
        if (this.isEnd(line)) {
          this.ended = true;
          this.rest = chunk.subarray(at + 1);
          break;
        }
        this.keep(line);
        this.lineStart = [];
        from = at + 1;
        count += 1;
        if (count >= rows || this.pendingBytes >= bytes) {
          yield this.take(count);
          count = 0;
        }
      }
      if (!this.ended) {
        const tail = chunk.subarray(from);
        this.trailingBackslashes = this.countTrailing(chunk);
        if (tail.length) {
          this.lineStart.push(tail);
          this.keep(tail);
        }
      }
    }
    if (count) yield this.take(count);
    await this.drain();
  }

  private take(rows: number): RowBatch {
    const batch: RowBatch = { chunks: this.pending, rows, format: 'text' };
    this.pending = [];
    this.pendingBytes = 0;
    return batch;
  }

  private keep(part: Buffer): void {
    this.pending.push(part);
    this.pendingBytes += part.length;
  }

  private isEnd(line: Buffer): boolean {
    const start = Buffer.concat([...this.lineStart.map((part) => part.subarray(0, 3)), line.subarray(0, 3)]);
    if (start.subarray(0, 3).toString('latin1') !== '\\.\n') return false;
    // What was kept of this line belongs to the end mark, not to a row.
    this.pending.splice(this.pending.length - this.lineStart.length, this.lineStart.length);
    return true;
  }

  private backslashesBefore(chunk: Buffer, at: number): number {
    let run = 0;
    while (at - run - 1 >= 0 && chunk[at - run - 1] === BACKSLASH) run += 1;
    return run === at ? run + this.trailingBackslashes : run;
  }

  private countTrailing(chunk: Buffer): number {
    const run = this.backslashesBefore(chunk, chunk.length);
    return run;
  }

  private async next(): Promise<Buffer | null> {
    const next = await this.iterator?.next();
    return next && !next.done ? next.value : null;
  }

  /** Reads on after the rows, to see whether a second block follows and to let the writer end. */
  private async drain(): Promise<void> {
    let text = this.rest.toString('latin1');
    for (let chunk = await this.next(); chunk; chunk = await this.next()) {
      if (/^COPY "/m.test(text)) this.heads = 2;
      text = text.slice(-2_000) + chunk.toString('latin1');
    }
    if (/^COPY "/m.test(text)) this.heads = 2;
  }
}

/** `"a", "b ""quoted"""` -> names. */
function columnNames(list: string): string[] {
  return Array.from(list.matchAll(/"((?:[^"]|"")*)"/g), (match) => (match[1] ?? '').replaceAll('""', '"'));
}
