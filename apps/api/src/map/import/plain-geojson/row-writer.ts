import { NotPlain } from './not-plain.js';

const SRID_FLAG = 0x20000000;
const kinds: Record<string, [code: number, depth: number]> = {
  Point: [1, 0],
  LineString: [2, 1],
  Polygon: [3, 2],
  MultiPoint: [4, 1],
  MultiLineString: [5, 2],
  MultiPolygon: [6, 3],
};
/** What a Multi- is made of, by its code. */
const memberOf: Record<number, number> = { 4: 1, 5: 2, 6: 3 };

/**
 * Rows of PostgreSQL's binary COPY format (documentation, "COPY", Binary Format): no escaping, and coordinates as the
 * very doubles that they are. A chunk grows as needed and is handed over by `take`.
 */
export class RowWriter {
  private buffer = Buffer.allocUnsafe(1 << 20);
  private at = 0;

  get bytes(): number {
    return this.at;
  }

  /** One row: geometry, then the texts. */
  row(geometry: unknown, texts: readonly (string | null)[]): void {
    this.room(2);
    this.at = this.buffer.writeInt16BE(1 + texts.length, this.at);
    if (geometry === null || geometry === undefined) this.null();
    else this.sized(() => this.geometry(geometry as { type: string; coordinates: unknown }));
    for (const text of texts) {
      if (text === null) this.null();
      else this.text(text);
    }
  }

  /** The rows written since the last call, with the header and the end mark of the format around them. */
  take(): Buffer[] {
    const rows = this.buffer.subarray(0, this.at);
    this.buffer = Buffer.allocUnsafe(Math.max(1 << 20, this.at));
    this.at = 0;
    return [header, rows, trailer];
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  private null(): void {
    this.room(4);
    this.at = this.buffer.writeInt32BE(-1, this.at);
  }

  private text(text: string): void {
    this.room(4 + text.length * 3);
    const length = this.buffer.write(text, this.at + 4, 'utf8');
    this.buffer.writeInt32BE(length, this.at);
    this.at += 4 + length;
  }

  private sized(write: () => void): void {
    this.room(4);
    const start = this.at;
    this.at += 4;
    write();
    this.buffer.writeInt32BE(this.at - start - 4, start);
  }

  private geometry({ type, coordinates }: { type: string; coordinates: unknown }): void {
    const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
    if (!kind || !Array.isArray(coordinates)) throw new NotPlain(`a geometry is a ${String(type)}`);
    this.room(9);
    this.buffer[this.at] = 1;
    this.buffer.writeUInt32LE(kind[0] | SRID_FLAG, this.at + 1);
    this.buffer.writeUInt32LE(4326, this.at + 5);
    this.at += 9;
    this.body(kind[0], coordinates);
  }

  private body(code: number, coordinates: unknown[]): void {
    if (code === 1) return this.position(coordinates);
    if (code === 2) return this.positions(coordinates);
    if (code === 3) return this.polygon(coordinates);
    this.count(coordinates.length);
    for (const part of coordinates) {
      if (!Array.isArray(part)) throw new NotPlain('coordinates are not nested as they should be');
      this.member(memberOf[code]!, part);
    }
  }

  /** A polygon of one empty ring is an empty polygon. */
  private polygon(rings: unknown[]): void {
    const drawn = rings.filter((ring) => !Array.isArray(ring) || ring.length > 0);
    if (drawn.length && drawn[0] !== rings[0]) throw new NotPlain('a polygon has holes without a shell');
    this.count(drawn.length);
    for (const ring of drawn) {
      if (!Array.isArray(ring)) throw new NotPlain('a ring is no list');
      this.ring(ring);
    }
  }

  private member(code: number, part: unknown[]): void {
    this.room(5);
    this.buffer[this.at] = 1;
    this.buffer.writeUInt32LE(code, this.at + 1);
    this.at += 5;
    this.body(code, part);
  }

  private ring(ring: unknown[]): void {
    const [first, last] = [ring[0] as number[], ring.at(-1) as number[]];
    const closed = ring.length >= 4 && first[0] === last[0] && first[1] === last[1];
    if (!closed) throw new NotPlain('a ring is not closed');
    this.positions(ring);
  }

  private positions(list: unknown[]): void {
    this.count(list.length);
    for (const position of list) this.position(position);
  }

  private position(position: unknown): void {
    if (!Array.isArray(position) || position.length !== 2) throw new NotPlain('a place is not two numbers');
    const [x, y] = position as unknown[];
    if (typeof x !== 'number' || typeof y !== 'number') throw new NotPlain('a coordinate is no number');
    this.room(16);
    this.buffer.writeDoubleLE(x, this.at);
    this.buffer.writeDoubleLE(y, this.at + 8);
    this.at += 16;
  }

  private count(count: number): void {
    this.room(4);
    this.at = this.buffer.writeUInt32LE(count, this.at);
  }
}

const header = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
const trailer = Buffer.from([0xff, 0xff]);
