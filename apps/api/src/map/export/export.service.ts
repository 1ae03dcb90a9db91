import { Injectable } from '@nestjs/common';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { parseInstantOrInterval } from '../features/feature-query.js';
import { crs84 } from '../features/ogc-documents.js';
import type { Layer } from '../layer.js';
import { LayerRegistry } from '../layer-registry.js';
import { type LayerView, openLayer } from '../readable.js';
import {
  type ExportContent,
  ExportRepository,
  type ExportStream,
  type OutputField,
} from './export.repository.js';
import { shapefileNames, writeWithOgr } from './ogr2ogr.js';
import { pour } from './pour.js';

export const exportFormats = ['gpkg', 'geojson', 'csv', 'shapefile'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportResult {
  features: number;
  bytes: number;
}

/** Writes a whole layer to a file, with the columns that the caller may read. */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly registry: LayerRegistry,
    private readonly repository: ExportRepository,
  ) {}

  /**
   * Writes the layer to `path`: a GeoPackage, a GeoJSON collection, a CSV file, or a zipped shapefile. `datetime` as in the
   * features door. The file appears whole or not at all, and an existing one is replaced.
   */
  async export(
    ctx: Context,
    layerName: string,
    format: ExportFormat,
    path: string,
    options: { datetime?: string } = {},
  ): Promise<ExportResult> {
    const view = openLayer(this.registry.get(layerName), ctx.actor);
    if (!ctx.actor.permissions.has('layers:export')) {
      throw new Problem(403, 'permission-missing', 'This needs the permission layers:export.');
    }
    const datetime = parseInstantOrInterval(options.datetime);
    const content: ExportContent = { ...view, datetime, most: limits.exportFeatures + 1 };
    // Beside its place: a file can be renamed within one file system only.
    const folder = await mkdtemp(join(dirname(path), '.jarib-export-'));
    try {
      const { name } = view.layer;
      const written = join(folder, format === 'shapefile' ? `${name}.shp.zip` : `${name}.${format}`);
      const work = (tx: Tx) => this.write(tx, content, format, written);
      const features = await this.database.read(ctx, work, { statementTimeoutMs: limits.exportTimeoutMs });
      await rename(written, path);
      return { features, bytes: (await stat(path)).size };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async write(tx: Tx, content: ExportContent, format: ExportFormat, path: string): Promise<number> {
    const { layer, most } = content;
    let stream: ExportStream;
    if (format === 'geojson') {
      stream = await this.repository.lines(tx, content);
      const collection = asCollection(layer);
      await Promise.all([pipeline(collection, createWriteStream(path)), pour(stream, collection)]);
    } else if (format === 'csv') {
      stream = await this.repository.rows(tx, content, true);
      await pour(stream, createWriteStream(path));
    } else {
      stream = await this.repository.rows(tx, content, false);
      await writeWithOgr(stream, { layer, fields: fieldsOf(content, format), driver: drivers[format], path });
    }
    // The header of a CSV is no row of the table, and COPY does not count it.
    if (stream.rowCount >= most) throw tooMany(layer);
    return stream.rowCount;
  }
}

const drivers = { gpkg: 'GPKG', shapefile: 'ESRI Shapefile' } as const;

function fieldsOf({ layer, columns }: LayerView, format: 'gpkg' | 'shapefile'): OutputField[] {
  const dated = layer.effective ? ['effective_from', 'effective_to'] : [];
  const fields = [
    { name: 'id', type: 'uuid' as const },
    { name: 'version', type: 'integer' as const },
    ...columns.map(({ name, type }) => ({ name, type })),
    ...dated.map((name) => ({ name, type: 'date' as const })),
  ];
  const names = fields.map(({ name }) => name);
  const as = format === 'shapefile' ? shapefileNames(names) : names;
  return fields.map((field, index) => ({ ...field, as: as[index] ?? field.name }));
}

/** Lines of features into one FeatureCollection, chunk by chunk. */
function asCollection(layer: Layer): Transform {
  const head = {
    type: 'FeatureCollection',
    name: layer.name,
    crs: { type: 'name', properties: { name: crs84 } },
  };
  const opening = `${JSON.stringify(head).slice(0, -1)},"features":[\n`;
  let begun = false;
  // A line break is the byte 10 in UTF-8 and part of no other character; the last one has no feature after it.
  let pending = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!begun) this.push(opening);
      begun = true;
      const ends = chunk.at(-1) === 10;
      const text = (ends ? chunk.subarray(0, -1) : chunk).toString('latin1').replaceAll('\n', ',\n');
      this.push(Buffer.from(`${pending ? ',\n' : ''}${text}`, 'latin1'));
      pending = ends;
      done();
    },
    flush(done) {
      done(null, `${begun ? '' : opening}\n]}\n`);
    },
  });
}

function tooMany(layer: Layer): Problem {
  const most = limits.exportFeatures;
  return new Problem(
    413,
    'export-too-large',
    `The layer ${layer.name} has more than ${most} features to export.`,
    [{ where: 'layer', value: layer.name, message: `more than ${most} features` }],
  );
}
