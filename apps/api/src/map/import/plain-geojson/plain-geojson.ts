import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { limits } from '../../../platform/limits.js';
import { geometryColumn } from '../converter.js';
import { FID, keyColumns, sourcesOf, type ColumnMapping, type Mapping } from '../mapping.js';
import type { RowBatch, RowSource } from '../row-source.js';
import type { SourceFile } from '../source-file.js';
import { FeatureScanner } from './feature-scanner.js';
import { NotPlain } from './not-plain.js';
import { RowWriter } from './row-writer.js';

interface Feature {
  type?: unknown;
  id?: unknown;
  geometry?: unknown;
  properties?: unknown;
}

const chunkBytes = 1 << 20;
const featureBytesMost = 32 * 1_048_576;
/** Names of the one reference system that GeoJSON has (RFC 7946, section 4) in files that still name it. */
const longitudeLatitude =
  /^(urn:ogc:def:crs:OGC:1\.3:CRS84|http:\/\/www\.opengis\.net\/def\/crs\/OGC\/1\.3\/CRS84)$/;

/** Whether a file may be tried as plain GeoJSON: nothing was asked that changes how it is read. */
export function mayBePlain(file: SourceFile, mapping: Mapping, options: { srs?: string }): boolean {
  const asked = options.srs ?? mapping.srs ?? mapping.sourceLayer;
  return (
    file.kind === 'geojson' && file.gdalPath === file.path && asked === undefined && !named(mapping).has(FID)
  );
}

/** The columns of the file that a mapping reads. */
function named(mapping: Mapping, which: (column: ColumnMapping) => boolean = () => true): Set<string> {
  const columns = Object.values(mapping.columns).filter(which);
  return new Set([...keyColumns(mapping), ...columns.flatMap(sourcesOf)]);
}

/**
 * Reads a FeatureCollection in one pass, where GDAL needs a first one to learn its columns: here the mapping says them.
 * Throws NotPlain at whatever it does not know for certain; the file is then GDAL's to read or to refuse.
 */
export class PlainGeoJson implements RowSource {
  readonly layers = 1;
  columns: string[] = [];
  private attributes: string[] = [];
  private readonly wanted: Set<string>;
  private readonly required: Set<string>;
  private first: Feature[] = [];
  private readonly features: AsyncGenerator<Feature[]>;

  constructor(
    file: SourceFile,
    mapping: Mapping,
    private readonly firstRows: number,
  ) {
    this.wanted = named(mapping);
    this.required = named(mapping, (column) => !column.optional);
    this.features = read(file.path);
  }

  /** Reads the first features to see which of the columns there are. False where the file has no feature. */
  async open(): Promise<boolean> {
    while (this.first.length < this.firstRows) {
      const next = await this.features.next();
      if (next.done) break;
      this.first.push(...next.value);
    }
    const present = new Set(this.first.flatMap((feature) => Object.keys(propertiesOf(feature))));
    if (this.first.some(({ id }) => typeof id === 'string')) present.add('id');
    const lacking = [...this.required].find((name) => !present.has(name));
    if (lacking !== undefined) throw new NotPlain(`${lacking} is not among its first rows`);
    this.attributes = [...this.wanted].filter((name) => present.has(name));
    this.columns = [geometryColumn, ...this.attributes];
    return this.first.length > 0;
  }

  async *batches(rows: number, bytes: number): AsyncGenerator<RowBatch> {
    const writer = new RowWriter();
    let count = 0;
    for (let some: Feature[] | null = this.first; some; some = await this.next()) {
      for (const feature of some) {
        writer.row(feature.geometry, this.texts(feature));
        count += 1;
        if (count < rows && writer.bytes < bytes) continue;
        yield { chunks: writer.take(), rows: count, format: 'binary' };
        count = 0;
      }
      this.first = [];
    }
    if (count) yield { chunks: writer.take(), rows: count, format: 'binary' };
  }

  finished(): Promise<void> {
    return Promise.resolve();
  }

  stop(): void {
    void this.features.return(undefined);
  }

  private async next(): Promise<Feature[] | null> {
    const next = await this.features.next();
    return next.done ? null : next.value;
  }

  private texts(feature: Feature): (string | null)[] {
    const properties = propertiesOf(feature);
    for (const name of Object.keys(properties)) {
      if (this.wanted.has(name) && !this.attributes.includes(name)) throw new NotPlain(`${name} comes late`);
    }
    return this.attributes.map((name) => {
      const own = Object.hasOwn(properties, name) ? properties[name] : undefined;
      return textOf(own === undefined && name === 'id' && typeof feature.id === 'string' ? feature.id : own);
    });
  }
}

async function* read(path: string): AsyncGenerator<Feature[]> {
  const scanner = new FeatureScanner(featureBytesMost);
  for await (const chunk of createReadStream(path, { highWaterMark: chunkBytes })) {
    const texts = scanner.take(chunk as Buffer);
    if (texts.length) yield texts.map(parse);
  }
  const { type, crs } = scanner.rest();
  if (type !== 'FeatureCollection') throw new NotPlain('it is no FeatureCollection');
  const name = (crs as { properties?: { name?: unknown } } | null | undefined)?.properties?.name;
  if (crs && !longitudeLatitude.test(String(name))) throw new NotPlain('it names a reference system');
}

function parse(text: Buffer): Feature {
  if (!isUtf8(text)) throw new NotPlain('it is not in UTF-8');
  let feature: Feature;
  try {
    feature = JSON.parse(text.toString('utf8')) as Feature;
  } catch {
    throw new NotPlain('a feature is no JSON');
  }
  if (feature.type !== 'Feature') throw new NotPlain('a member of the list is no Feature');
  return feature;
}

function propertiesOf({ properties }: Feature): Record<string, unknown> {
  if (properties === null || properties === undefined) return {};
  if (typeof properties !== 'object') throw new NotPlain('properties are no object');
  const found = properties as Record<string, unknown>;
  if (Object.keys(found).length > limits.importColumns) throw new NotPlain('there are very many columns');
  return found;
}

/** The text of a value; of a number the shortest that names it, which is what the file has. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') {
    if (value.includes('\0')) throw new NotPlain('a text holds a zero byte');
    return value;
  }
  // A larger whole number is not the one that the file says any more.
  if (typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER) return String(value);
  throw new NotPlain('a value is neither text nor number');
}
