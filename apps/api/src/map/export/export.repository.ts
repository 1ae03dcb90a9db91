import { Injectable } from '@nestjs/common';
import type { Readable } from 'node:stream';
import { type CopyToStreamQuery, to as copyTo } from 'pg-copy-streams';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { TimeFilter } from '../features/feature-query.js';
import { Binder, featureJson, featureSource, inForce } from '../features/features.repository.js';
import type { ColumnType } from '../layer.js';
import type { LayerView } from '../readable.js';

export interface ExportStream extends Readable {
  /** Rows sent, right once the stream has ended. */
  rowCount: number;
}

/** One field of the file to be written: its name in our rows, its name in the file, its type. */
export interface OutputField {
  name: string;
  as: string;
  type: ColumnType;
}

export type OutputDriver = 'GPKG' | 'ESRI Shapefile';

/** What is exported: the layer as the caller sees it, when, and how many features at most. */
export interface ExportContent extends LayerView {
  datetime: TimeFilter | null;
  most: number;
}

/** Streams whole layers by COPY: the database sends no faster than the reader takes. */
@Injectable()
export class ExportRepository {
  /** One GeoJSON feature a line, at most `most` of them. */
  async lines(tx: Tx, content: ExportContent): Promise<ExportStream> {
    const bind = new SettingsBinder();
    const select = statement(content, bind, `${featureJson(content)} AS feature`);
    // JSON holds no control characters, so with these as quote and delimiter nothing is ever quoted: the line is the JSON.
    return this.copy(
      tx,
      bind,
      select,
      String.raw`FORMAT csv, QUOTE E'\x01', ESCAPE E'\x01', DELIMITER E'\x02'`,
    );
  }

  /**
   * One row a line with a header. The geometry stands last: `lon`, `lat` of points, else `wkt`; or, for another program to
   * read, `geom` as hexadecimal WKB with every digit, and 1 and 0 for true and false.
   */
  async rows(tx: Tx, content: ExportContent, forPeople: boolean): Promise<ExportStream> {
    const { layer, columns } = content;
    const bind = new SettingsBinder();
    const values = columns.map(({ name, type }) =>
      type === 'boolean' ? `f."${name}"::${forPeople ? 'text' : 'int'} AS "${name}"` : `f."${name}"`,
    );
    const dated = layer.effective
      ? ['lower(f.effective) AS effective_from', 'upper(f.effective) - 1 AS effective_to']
      : [];
    const point = ['round(ST_X(f.geom)::numeric, 9) AS lon', 'round(ST_Y(f.geom)::numeric, 9) AS lat'];
    const readable = layer.geometry === 'Point' ? point : ['ST_AsText(f.geom, 9) AS wkt'];
    const geometry = forPeople ? readable : ["encode(ST_AsBinary(f.geom), 'hex') AS geom"];
    const list = ['f.id', 'f.version', ...values, ...dated, ...geometry].join(', ');
    return this.copy(tx, bind, statement(content, bind, list), 'FORMAT csv, HEADER');
  }

  private async copy(tx: Tx, bind: SettingsBinder, select: string, format: string): Promise<ExportStream> {
    for (const [index, value] of bind.values.entries()) {
      await tx.run('SELECT set_config($1, $2, true)', [settingName(index + 1), value]);
    }
    const query: CopyToStreamQuery = copyTo(`COPY (${select}) TO STDOUT WITH (${format})`);
    return tx.driver.query(query);
  }
}

function statement(content: ExportContent, bind: Binder, list: string): string {
  const { layer, datetime, most } = content;
  if (!Number.isSafeInteger(most)) throw new Error(`most is no whole number: ${most}`);
  const source = featureSource(content, datetime, bind);
  const where = inForce(layer, datetime, bind).join(' AND ') || 'true';
  return `SELECT ${list} FROM ${source} f WHERE ${where} ORDER BY f.id LIMIT ${most}`;
}

const settingName = (place: number) => `jarib.copy_${place}`;

/** COPY takes no bound values: they go into settings of the transaction, where the statement reads them. */
class SettingsBinder extends Binder {
  override add(value: SqlValue): string {
    super.add(value instanceof Date ? value.toISOString() : value === null ? '' : String(value));
    return `nullif(current_setting('${settingName(this.values.length)}'), '')`;
  }
}

const ogrTypes: Record<ColumnType, string> = {
  text: 'character(254)',
  integer: 'integer',
  numeric: 'float',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  uuid: 'character(36)',
};

/** GDAL's own SQL over the rows of `rows`, which are all text: gives each field its type and its name. */
export function ogrSelection(fields: readonly OutputField[], driver: OutputDriver): string {
  // A GeoPackage keeps texts of any length; a shapefile's field ends at 254 bytes, and GDAL says so.
  const typeOf = ({ type }: OutputField) =>
    driver === 'GPKG' && type === 'text' ? 'character' : ogrTypes[type];
  const list = fields.map((field) => `CAST("${field.name}" AS ${typeOf(field)}) AS "${field.as}"`).join(', ');
  return `SELECT ${list} FROM layer`;
}
