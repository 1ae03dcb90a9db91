import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { Layer } from '../layer.js';
import type { LayerView } from '../readable.js';
import type { Box, FeatureQuery, TimeFilter } from './feature-query.js';

export interface FeatureRow {
  id: string;
  /** The feature as GeoJSON, as PostGIS wrote it: never parsed again. */
  feature: string;
  matched: string;
}

/** Up to so many matches a page is cut from the box's hits; beyond, walking the keys finds a page sooner. */
const boxFirst = 25_000;

/** Reads features. Identifiers come from descriptors, which the registry has checked; all else is bound. */
@Injectable()
export class FeaturesRepository {
  /**
   * One page in the order of ids, at most `limit` rows. `matched` is counted where no page came before, else it is what the
   * first page counted. Two plans, because a box that few features match is found by its index and one that nearly all
   * match by the key. The rows of the page are then looked up one by one, which the LATERAL makes sure of.
   */
  async page(tx: Tx, view: LayerView, query: FeatureQuery, limit: number): Promise<FeatureRow[]> {
    const { after } = query;
    const bind = new Binder();
    const source = featureSource(view, query.datetime, bind);
    const where = conditions(view.layer, query, bind);
    if (after) where.push(`f.id > ${bind.add(after.id)}::uuid`);
    const hits = `SELECT f.id FROM ${source} f WHERE ${where.join(' AND ') || 'true'}`;
    const most = bind.add(limit);
    const materialized =
      query.bbox && (!after || after.matched <= boxFirst) ? 'MATERIALIZED' : 'NOT MATERIALIZED';
    const matched = after ? `${bind.add(after.matched)}::bigint` : '(SELECT count(*) FROM hits)';
    if (query.bbox) await this.alone(tx);
    return tx.rows<FeatureRow>(
      `WITH hits AS ${materialized} (${hits}),
            page AS MATERIALIZED (SELECT id FROM hits ORDER BY id LIMIT ${most})
       SELECT f.id, ${featureJson(view)} AS feature, ${matched} AS matched
       FROM page CROSS JOIN LATERAL (SELECT * FROM ${source} v WHERE v.id = page.id OFFSET 0) f ORDER BY f.id`,
      bind.values,
    );
  }

  /**
   * For a page, starting parallel workers costs more than they save, and under load they take the cores of other requests.
   * The planner would start them, because it takes ST_Intersects for dearer than it is beside a rectangle.
   */
  private async alone(tx: Tx): Promise<void> {
    await tx.run("SELECT set_config('max_parallel_workers_per_gather', '0', true)");
  }

  /** One feature, or null. */
  async item(
    tx: Tx,
    view: LayerView,
    id: string,
    datetime: TimeFilter | null,
  ): Promise<{ feature: string; version: number } | null> {
    const bind = new Binder();
    const source = featureSource(view, datetime, bind);
    const where = [`f.id = ${bind.add(id)}::uuid`, ...inForce(view.layer, datetime, bind)];
    return tx.maybe(
      `SELECT f.version, ${featureJson(view)} AS feature FROM ${source} f WHERE ${where.join(' AND ')}`,
      bind.values,
    );
  }
}

/** Collects the values of a statement; what stands in the text is only their place. */
export class Binder {
  readonly values: SqlValue[] = [];

  add(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

/** The feature `f` as GeoJSON text. Nine decimals are a tenth of a millimetre; the text leaves the server as it is. */
export function featureJson(view: LayerView): string {
  return (
    `'{"type":"Feature","id":"' || f.id || '","geometry":' || ST_AsGeoJSON(f.geom, 9) || ',"properties":' || ` +
    `(SELECT row_to_json(p)::text FROM (SELECT ${properties(view)}) p) || '}'`
  );
}

/** What stands under `properties`: the readable columns, the version that a change names, and since when it is recorded. */
export function properties({ layer, columns }: LayerView): string {
  const dated = layer.effective
    ? // The last day of force, where the database keeps the day after it.
      ['lower(f.effective) AS effective_from', 'upper(f.effective) - 1 AS effective_to']
    : [];
  return [...columns.map((column) => `f."${column.name}"`), ...dated, 'f.version', 'f.recorded_at'].join(
    ', ',
  );
}

/**
 * What a query reads: the table as it stands; or, where a time is given for a layer that the law does not date, what was
 * recorded then. At an instant each feature has one version. Of an interval it is the last one that stood within it.
 */
export function featureSource(
  { layer, columns }: LayerView,
  datetime: TimeFilter | null,
  bind: Binder,
): string {
  if (!datetime || layer.effective) return `"${layer.table}"`;
  const names = columns.map((column) => `"${column.name}"`);
  const list = ['id', 'version', 'recorded_at', ...names, 'geom'].join(', ');
  const from = datetime.single ? datetime.to : datetime.from;
  const by = datetime.to ? `recorded_at <= ${bind.add(datetime.to)}::timestamptz` : 'true';
  const ended = from ? `ended_at > ${bind.add(from)}::timestamptz` : 'true';
  const versions =
    `SELECT ${list} FROM "${layer.table}" WHERE ${by} ` +
    `UNION ALL SELECT ${list} FROM "${layer.table}_history" WHERE ${by} AND ${ended}`;
  if (datetime.single) return `(${versions})`;
  return `(SELECT DISTINCT ON (id) * FROM (${versions}) v ORDER BY id, version DESC)`;
}

/** Limits a layer that the law dates to what is in force at some day of the interval. */
export function inForce(layer: Layer, datetime: TimeFilter | null, bind: Binder): string[] {
  if (!datetime || !layer.effective) return [];
  return [
    `f.effective && daterange(${bind.add(datetime.fromDay)}::date, ${bind.add(datetime.toDay)}::date, '[]')`,
  ];
}

function conditions(layer: Layer, query: FeatureQuery, bind: Binder): string[] {
  const sqlTypes = { timestamp: 'timestamptz' } as Record<string, string>;
  return [
    ...(query.bbox ? inBox(query.bbox, bind) : []),
    ...inForce(layer, query.datetime, bind),
    ...query.filters.map(
      ({ column, value }) =>
        `f."${column.name}" = ${bind.add(value)}::${sqlTypes[column.type] ?? column.type}`,
    ),
  ];
}

/**
 * `&&` always stands beside ST_Intersects: under row-level security only `&&` is allowed to reach the index. What lies
 * well inside the box needs no exact test. Well inside, because indexed boxes are rounded to about a metre.
 */
export function inBox(box: Box, bind: Binder): string[] {
  const envelope = (numbers: Box) => {
    const [west, south, east, north] = numbers.map((number) => `${bind.add(number)}::float8`);
    // ST_Envelope of a line is a point or a line where the box has no width: ST_MakeEnvelope's polygon would be invalid.
    return `ST_Envelope(ST_SetSRID(ST_MakeLine(ST_MakePoint(${west}, ${south}), ST_MakePoint(${east}, ${north})), 4326))`;
  };
  const whole = envelope(box);
  const rounding = 0.0001;
  const [west, south, east, north] = box;
  const inner: Box = [west + rounding, south + rounding, east - rounding, north - rounding];
  const wide = inner[0] < inner[2] && inner[1] < inner[3];
  const exact = `ST_Intersects(f.geom, ${whole})`;
  return [`f.geom && ${whole}`, wide ? `(f.geom @ ${envelope(inner)} OR ${exact})` : exact];
}
