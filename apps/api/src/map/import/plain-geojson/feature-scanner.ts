import { NotPlain } from './not-plain.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const [OPEN, CLOSE, END_OF_LIST, COMMA] = [0x7b, 0x7d, 0x5d, 0x2c];
const spaces = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** What stands before the list must be short: a file whose list begins later is read by GDAL. */
const headBytesMost = 65_536;

/**
 * Cuts a FeatureCollection into the texts of its features while it streams by, without reading them. What stands
 * around the list is kept, so that the end of the file can be held against its beginning.
 */
export class FeatureScanner {
  private before: string | null = null;
  private head: Buffer[] = [];
  private after: Buffer[] = [];
  private part: Buffer[] = [];
  private partBytes = 0;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private ended = false;
  /** What the list must go on with: a feature, or (after one) a comma or its end. */
  private awaits: 'first' | 'feature' | 'comma' = 'first';

  /** A feature of more bytes than this is none that a layer takes. */
  constructor(private readonly featureBytesMost: number) {}

  /** The features that end within the next piece of the file. */
  take(chunk: Buffer): Buffer[] {
    if (this.ended) {
      this.keepAfter(chunk);
      return [];
    }
    if (this.before !== null) return this.scan(chunk);
    this.head.push(chunk);
    const head = Buffer.concat(this.head);
    const start = /"features"\s*:\s*\[/.exec(head.subarray(0, headBytesMost).toString('latin1'));
    if (!start) {
      if (head.length > headBytesMost) throw new NotPlain('its list of features does not begin at once');
      return [];
    }
    const at = start.index + start[0].length;
    this.before = head.subarray(0, at).toString('utf8');
    return this.scan(head.subarray(at));
  }

  /** What stands around the features, as one object; throws where the file is no sound JSON. */
  rest(): Record<string, unknown> {
    if (this.before === null || !this.ended) throw new NotPlain('it ends within its list of features');
    try {
      return JSON.parse(`${this.before}]${Buffer.concat(this.after).toString('utf8')}`) as never;
    } catch {
      throw new NotPlain('what stands around its features is no JSON');
    }
  }

  private scan(chunk: Buffer): Buffer[] {
    const found: Buffer[] = [];
    let from = this.depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (byte === BACKSLASH) this.escaped = true;
        else if (byte === QUOTE) this.inString = false;
      } else if (this.depth === 0) {
        if (byte === OPEN) from = at;
        if (this.between(byte)) continue;
        this.keepAfter(chunk.subarray(at + 1));
        return found;
      } else if (byte === QUOTE) this.inString = true;
      else if (byte === OPEN) this.depth += 1;
      else if (byte === CLOSE) {
        this.depth -= 1;
        if (this.depth > 0) continue;
        found.push(this.whole(chunk.subarray(from, at + 1)));
        from = -1;
        this.awaits = 'comma';
      }
    }
    if (from >= 0) this.keepPart(chunk.subarray(from));
    return found;
  }

  /** One byte between two features. False where the list ends. */
  private between(byte: number): boolean {
    if (spaces.has(byte)) return true;
    if (byte === OPEN && this.awaits !== 'comma') this.depth = 1;
    else if (byte === COMMA && this.awaits === 'comma') this.awaits = 'feature';
    else if (byte === END_OF_LIST && this.awaits !== 'feature') this.ended = true;
    else throw new NotPlain('something else stands between its features');
    return !this.ended;
  }

  private whole(tail: Buffer): Buffer {
    if (this.part.length === 0) return tail;
    this.part.push(tail);
    const feature = Buffer.concat(this.part);
    this.part = [];
    this.partBytes = 0;
    return feature;
  }

  private keepPart(bytes: Buffer): void {
    this.part.push(bytes);
    this.partBytes += bytes.length;
    if (this.partBytes > this.featureBytesMost) throw new NotPlain('a feature is very large');
  }

  private keepAfter(bytes: Buffer): void {
    this.after.push(bytes);
    if (this.after.reduce((sum, part) => sum + part.length, 0) > headBytesMost) {
      throw new NotPlain('much stands behind its features');
    }
  }
}
