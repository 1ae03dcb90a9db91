import type { Projection } from './projection.js';

const chunkBytes = 1 << 18;
const hexPairs = Uint16Array.from({ length: 256 }, (_, byte) => {
  const text = byte.toString(16).padStart(2, '0');
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
});
const float = new Float64Array(1);
const floatBytes = new Uint8Array(float.buffer);

/** EWKB, little endian, with an SRID: byte order, type and SRID 4326 as hex. */
const header = (type: string) => `01${type}000020e6100000`;
const count = (n: number) => {
  const hex = n.toString(16).padStart(8, '0');
  return hex.slice(6) + hex.slice(4, 6) + hex.slice(2, 4) + hex.slice(0, 2);
};
const counts = Array.from({ length: 4096 }, (_, n) => count(n));
const pointHead = header('01');
const lineHead = header('02');
const multiPolygonHead = header('06');
const polygonHead = '0103000000';

/** Coordinates of a ring or line in local metres, x and y apart; a ring does not repeat its first point. */
export interface Points {
  xs: number[];
  ys: number[];
}

/**
 * Rows of one table in PostgreSQL's text COPY format, gathered in large buffers: a string a row would cost
 * more than the row. Call the writers in the order of the columns, then `end()`.
 */
export class CopyTable {
  rows = 0;
  private buffer = Buffer.allocUnsafe(chunkBytes + 65_536);
  private at = 0;
  private first = true;

  constructor(
    readonly table: string,
    readonly columns: readonly string[],
    private readonly projection: Projection,
    private readonly emit: (table: CopyTable, bytes: Buffer) => void,
  ) {}

  /** A text that is known to hold no tab, line break or backslash. */
  text(value: string): this {
    this.separate();
    this.at += this.buffer.write(value, this.at, 'utf8');
    return this;
  }

  /** As `text`, for what is plain ASCII: the fast way. */
  ascii(value: string): this {
    this.separate();
    this.raw(value);
    return this;
  }

  whole(value: number): this {
    return this.ascii(`${value}`);
  }

  /** Hundredths as an exact decimal with two places. */
  hundredths(value: number): this {
    const rest = value % 100;
    return this.ascii(`${(value - rest) / 100}.${rest < 10 ? '0' : ''}${rest}`);
  }

  none(): this {
    return this.ascii('\\N');
  }

  /** UUID of `uuidHead(...)` and a counter, which fills the last group. */
  uuid(head: string, counter: number): this {
    this.separate();
    this.raw(head);
    let rest = counter;
    for (let at = this.at + 11; at >= this.at; at -= 1) {
      const digit = rest % 16;
      this.buffer[at] = digit < 10 ? 48 + digit : 87 + digit;
      rest = (rest - digit) / 16;
    }
    this.at += 12;
    return this;
  }

  point(x: number, y: number): this {
    this.separate();
    this.raw(pointHead);
    this.coordinate(x, y);
    return this;
  }

  line({ xs, ys }: Points): this {
    this.separate();
    this.raw(lineHead);
    this.raw(counts[xs.length] as string);
    this.reserve(xs.length);
    for (let i = 0; i < xs.length; i += 1) this.coordinate(xs[i] as number, ys[i] as number);
    return this;
  }

  /** A MultiPolygon of one polygon of one ring: what every parcel and building is. */
  polygon(ring: Points): this {
    return this.polygons([[ring]]);
  }

  /** A MultiPolygon: polygons, each an outer ring and its holes. */
  polygons(polygons: readonly (readonly Points[])[]): this {
    this.separate();
    this.raw(multiPolygonHead);
    this.raw(counts[polygons.length] as string);
    for (const rings of polygons) {
      this.raw(polygonHead);
      this.raw(counts[rings.length] as string);
      for (const { xs, ys } of rings) {
        this.raw(counts[xs.length + 1] as string);
        this.reserve(xs.length + 1);
        for (let i = 0; i < xs.length; i += 1) this.coordinate(xs[i] as number, ys[i] as number);
        this.coordinate(xs[0] as number, ys[0] as number);
      }
    }
    return this;
  }

  end(): void {
    this.buffer[this.at] = 10;
    this.at += 1;
    this.first = true;
    this.rows += 1;
    if (this.at >= chunkBytes) this.flush();
  }

  flush(): void {
    if (this.at === 0) return;
    this.emit(this, this.buffer.subarray(0, this.at));
    this.buffer = Buffer.allocUnsafe(chunkBytes + 65_536);
    this.at = 0;
  }

  private separate(): void {
    if (this.first) {
      this.first = false;
      return;
    }
    this.buffer[this.at] = 9;
    this.at += 1;
  }

  /** A row may hold one geometry larger than the spare room of the buffer: a ward or a zone. */
  private reserve(points: number): void {
    if (this.at + points * 32 + 4_096 <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(this.buffer.length * 2 + points * 32);
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  private raw(value: string): void {
    const { buffer } = this;
    let { at } = this;
    for (let i = 0; i < value.length; i += 1, at += 1) buffer[at] = value.charCodeAt(i);
    this.at = at;
  }

  private coordinate(x: number, y: number): void {
    this.double(this.projection.lon(x, y));
    this.double(this.projection.lat(y));
  }

  private double(value: number): void {
    const { buffer } = this;
    let { at } = this;
    float[0] = value;
    for (let i = 0; i < 8; i += 1, at += 2) {
      const pair = hexPairs[floatBytes[i] as number] as number;
      buffer[at] = pair & 255;
      buffer[at + 1] = pair >> 8;
    }
    this.at = at;
  }
}

/**
 * The head of the UUIDs (version 7) of one table: the instant, the table's number and the seed; a counter
 * completes it, so that rows made together lie together and the tile's feature id is the counter itself.
 */
export function uuidHead(unixMs: number, tableNo: number, seed: number): string {
  const time = Math.trunc(unixMs).toString(16).padStart(12, '0');
  const salt = (Math.imul(seed, 0x9e3779b1) >>> 14).toString(16).padStart(5, '0').slice(-4);
  const table = tableNo.toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${table}${salt.slice(0, 2)}-9${salt.slice(2)}0-`;
}
