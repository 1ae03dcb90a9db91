import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { Layer, LayerCheck } from '../layer.js';
import type { Plan } from './staging.repository.js';

/** At most so many pairs are measured; a file that brings more is wrong as a whole, and the count says so. */
const pairsMost = 100_000;

/** About so many m2 lie in a square degree at the equator, and fewer elsewhere. */
const squareMetresOfDegree = 1.24e10;

/** A feature kept in more bytes (about 250 vertices) is compared in pieces. */
const smallBytes = 4_096;

/**
 * SQL: true for a feature of few vertices. Asks for the size on disk, so that a large one need not be read
 * to be passed over.
 */
function isSmall(alias: string): string {
  return `pg_column_size(${alias ? `${alias}.` : ''}geom) <= ${smallBytes}`;
}

/**
 * SQL of the ground that `a` and `b` share; of each only what lies in the other's box, since one may be a
 * whole town's streets.
 */
const commonGroundSql = `ST_CollectionExtract(ST_Intersection(${clipped('a', 'b')}, ${clipped('b', 'a')}),
  3)`;

function clipped(alias: string, other: string): string {
  return `CASE WHEN ${isSmall(alias)} THEN ${alias}.geom
    ELSE ST_MakeValid(ST_ClipByBox2D(${alias}.geom, Box2D(${other}.geom))) END`;
}

interface Pair {
  a: string;
  b: string;
}

const insertIssue = `INSERT INTO map_issues (ulb_id, id, layer, rule, severity, feature_id, other_id, size,
  size_unit,
  message, geom, changeset_id, found_at)`;

/**
 * What an import finds between features: open issues for people to look at, never a reason to refuse the
 * file.
 */
@Injectable()
export class FindingsRepository {
  /**
   * Registers what the changeset's features bring with them. Returns how many issues of each rule it
   * opened.
   */
  async register(tx: Tx, plan: Plan): Promise<Record<string, number>> {
    // The rows were written in this transaction and have no statistics yet: the planner would scan them per
    // row.
    await tx.run('SELECT analyze_table($1)', [plan.layer.table]);
    await this.closeOld(tx, plan);
    const found: Record<string, number> = {};
    for (const check of plan.layer.checks) {
      const count = await this.run(tx, plan, check);
      if (count !== null) found[check.rule] = count;
      if (check.rule === 'dangle') found['duplicate'] = await this.duplicateLines(tx, plan, check);
    }
    return found;
  }

  /**
   * Issues of features that have a new version are looked at again: those that still stand are opened anew.
   */
  private async closeOld(tx: Tx, { layer, changesetId, meetsOld }: Plan): Promise<void> {
    if (!meetsOld) return;
    await tx.run(
      `UPDATE map_issues i SET status = 'solved', ended_at = $3
       WHERE i.ulb_id = $1 AND i.layer = $2 AND i.status = 'open' AND EXISTS (SELECT FROM ${layer.table} t
         WHERE t.ulb_id = $1 AND t.id IN (i.feature_id, i.other_id) AND t.changeset_id = $4)`,
      [tx.ctx.ulbId, layer.name, tx.ctx.now, changesetId],
    );
  }

  private async run(tx: Tx, plan: Plan, check: LayerCheck): Promise<number | null> {
    if (check.rule === 'overlap' && plan.layer.geometry === 'MultiPolygon')
      return this.overlaps(tx, plan, check);
    if (check.rule === 'outside-ward' && plan.layer.inWard) return this.outsideWards(tx, plan, check);
    if (check.rule === 'far-from-road' && plan.layer.geometry === 'Point')
      return this.farFromRoad(tx, plan, check);
    if (check.rule === 'dangle' && plan.layer.geometry === 'LineString') return this.dangles(tx, plan, check);
    return null;
  }

  /**
   * Pairs whose interiors meet in more than the tolerance. Pairs are found by a plain SELECT, which the
   * server may spread
   * over its workers, unlike one that writes; the few that meet are measured in the municipality's UTM zone
   * afterwards.
   */
  private async overlaps(tx: Tx, plan: Plan, check: LayerCheck): Promise<number> {
    const { layer, changesetId } = plan;
    await this.preferIndexes(tx);
    const pairs = [...(await this.smallPairs(tx, plan)), ...(await this.largePairs(tx, plan, check))];
    return tx.run(
      `${insertIssue}
       SELECT $1, uuid_v7(), $2, 'overlap', $3, least(a.id, b.id), greatest(a.id, b.id),
         round(m.size::numeric, 4), 'm2',
         'overlaps ' || coalesce(b.${layer.numberColumn}, 'a feature without number') || ' by ' ||
           round(m.size::numeric, 2) || ' m2', x.geom, $4, $5
       FROM (SELECT DISTINCT least(a, b) AS a, greatest(a, b) AS b FROM unnest($6::uuid[], $7::uuid[])
         AS u(a, b)) AS p
       JOIN ${layer.table} a ON a.ulb_id = $1 AND a.id = p.a JOIN ${layer.table} b ON b.ulb_id = $1
         AND b.id = p.b
       CROSS JOIN LATERAL (SELECT ${commonGroundSql} AS geom OFFSET 0) AS x
       CROSS JOIN LATERAL (SELECT ST_Area(ST_Transform(x.geom, $8::int)) AS size OFFSET 0) AS m
       WHERE m.size > $9::float8 ON CONFLICT DO NOTHING`,
      [
        tx.ctx.ulbId,
        layer.name,
        check.severity,
        changesetId,
        tx.ctx.now,
        pairs.map((pair) => pair.a),
        pairs.map((pair) => pair.b),
        plan.utmSrid,
        check.tolerance,
      ],
    );
  }

  /** Pairs of features of few vertices: nearly all of them. */
  private smallPairs(tx: Tx, { layer, changesetId }: Plan): Promise<Pair[]> {
    return tx.rows<Pair>(
      `SELECT a.id AS a, b.id AS b FROM ${layer.table} a JOIN ${layer.table} b ON b.ulb_id = $1
        AND b.geom && a.geom
       WHERE a.ulb_id = $1 AND a.changeset_id = $2 AND (a.id < b.id OR b.changeset_id <> $2) AND a.id <> b.id
         ${sameTime(layer)} AND ${isSmall('a')} AND ${isSmall('b')}
         AND ST_Relate(a.geom, b.geom, '2********') LIMIT ${pairsMost}`,
      [tx.ctx.ulbId, changesetId],
    );
  }

  /**
   * Pairs with a feature of many vertices, such as the one polygon of all streets: it is compared in small
   * pieces, since
   * each comparison would otherwise walk along the whole of it, once for each of its thousands of neighbours.
   */
  private async largePairs(tx: Tx, { layer, changesetId }: Plan, check: LayerCheck): Promise<Pair[]> {
    const dates = layer.effective ? ', effective' : '';
    await tx.run(
      `CREATE TEMP TABLE import_large ON COMMIT DROP AS SELECT id, changeset_id${dates}, ST_Subdivide(geom,
        64) AS geom
       FROM ${layer.table} WHERE ulb_id = $1 AND NOT ${isSmall('')}`,
      [tx.ctx.ulbId],
    );
    await tx.run('CREATE INDEX ON import_large USING gist (geom)');
    await tx.run('ANALYZE import_large');
    // Where a boundary was cut, the cut point lies a hair beside it: slivers that no surveyor could see are
    // no overlap.
    const meet = `$2 IN (a.changeset_id, b.changeset_id) ${sameTime(layer)}
      AND ST_Relate(a.geom, b.geom, '2********') AND ST_Area(ST_Intersection(a.geom, b.geom)) > $3::float8`;
    return tx.rows<Pair>(
      `SELECT a.id AS a, b.id AS b FROM import_large a JOIN ${layer.table} b ON b.ulb_id = $1
        AND b.geom && a.geom
       WHERE ${isSmall('b')} AND ${meet}
       UNION SELECT a.id, b.id FROM import_large a JOIN import_large b ON b.geom && a.geom AND a.id < b.id
       WHERE ${meet} LIMIT ${pairsMost}`,
      [tx.ctx.ulbId, changesetId, (check.tolerance / squareMetresOfDegree) * 0.001],
    );
  }

  /** Joins by box go through the spatial index row by row, over as many workers as there are. */
  private async preferIndexes(tx: Tx): Promise<void> {
    await tx.run(
      `SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
         set_config('max_parallel_workers_per_gather', '2', true), set_config('parallel_setup_cost', '10',
           true),
         set_config('parallel_tuple_cost', '0.001', true), set_config('min_parallel_table_scan_size', '1MB',
           true)`,
    );
  }

  private async outsideWards(
    tx: Tx,
    { layer, changesetId }: Plan,
    check: LayerCheck,
  ): Promise<number | null> {
    if (!(await this.hasRows(tx, 'wards'))) return null;
    return tx.run(
      `${insertIssue}
       SELECT $1, uuid_v7(), $2, 'outside-ward', $3, id, NULL, NULL, NULL, 'lies in no ward',
         ST_PointOnSurface(geom), $4, $5
       FROM ${layer.table} WHERE ulb_id = $1 AND changeset_id = $4
         AND ward_number IS NULL ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, layer.name, check.severity, changesetId, tx.ctx.now],
    );
  }

  private async farFromRoad(
    tx: Tx,
    { layer, changesetId, utmSrid }: Plan,
    check: LayerCheck,
  ): Promise<number | null> {
    if (!(await this.hasRows(tx, 'roads'))) return null;
    await this.preferIndexes(tx);
    return tx.run(
      `${insertIssue}
       SELECT $1, uuid_v7(), $2, 'far-from-road', $3, a.id, NULL, NULL, NULL, 'no road within ' || $6 ||
         ' m', a.geom, $4, $5
       FROM ${layer.table} a CROSS JOIN LATERAL (SELECT ${metresAround('a.geom', '$6::float8', '$7::int')}
         AS near OFFSET 0) AS n
       WHERE a.ulb_id = $1 AND a.changeset_id = $4 AND NOT EXISTS (SELECT FROM roads r
         WHERE r.ulb_id = $1 AND r.geom && n.near AND ST_Intersects(r.geom, n.near)) ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, layer.name, check.severity, changesetId, tx.ctx.now, check.tolerance, utmSrid],
    );
  }

  /** Ends of lines at which neither a node nor another line stands within the tolerance. */
  private async dangles(tx: Tx, { layer, changesetId, utmSrid }: Plan, check: LayerCheck): Promise<number> {
    await this.preferIndexes(tx);
    const nodes = check.against ? await this.hasRows(tx, check.against) : false;
    const near = (table: string, alias: string, more: string) => `NOT EXISTS (SELECT FROM ${table} ${alias}
      WHERE ${alias}.ulb_id = $1 AND ${alias}.geom && n.near
        AND ST_Intersects(${alias}.geom, n.near) ${more})`;
    return tx.run(
      `${insertIssue}
       SELECT DISTINCT ON (a.id) $1::int, uuid_v7(), $2::text, 'dangle', $3::text, a.id, NULL::uuid,
         NULL::numeric, NULL,
         e.which || ' meets no other line and no node within ' || $6::text || ' m', e.point, $4::uuid,
           $5::timestamptz
       FROM ${layer.table} a
       CROSS JOIN LATERAL (VALUES ('its beginning', ST_StartPoint(a.geom)), ('its end',
         ST_EndPoint(a.geom))) AS e(which, point)
       CROSS JOIN LATERAL (SELECT ${metresAround('e.point', '$6::text::float8', '$7::int')}
         AS near OFFSET 0) AS n
       WHERE a.ulb_id = $1 AND a.changeset_id = $4 AND ${near(layer.table, 'o', 'AND o.id <> a.id')}
         ${nodes ? `AND ${near(check.against!, 'd', '')}` : ''} ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, layer.name, check.severity, changesetId, tx.ctx.now, String(check.tolerance), utmSrid],
    );
  }

  /**
   * Lines that run along one another over their whole length, in either direction, within twice the
   * tolerance.
   */
  private async duplicateLines(
    tx: Tx,
    { layer, changesetId, utmSrid }: Plan,
    check: LayerCheck,
  ): Promise<number> {
    return tx.run(
      `${insertIssue}
       SELECT $1, uuid_v7(), $2, 'duplicate', $3, least(a.id, b.id), greatest(a.id, b.id), NULL, NULL,
         'runs along ' || coalesce(b.${layer.numberColumn}, 'another line') || ' over its whole length',
         ST_LineInterpolatePoint(a.geom, 0.5), $4, $5
       FROM ${layer.table} a JOIN ${layer.table} b ON b.ulb_id = $1 AND b.geom && a.geom
       WHERE a.ulb_id = $1 AND a.changeset_id = $4 AND a.id <> b.id AND (a.id < b.id OR b.changeset_id <> $4)
         AND abs(a.length_m - b.length_m) <= 4 * $6::float8
         AND ST_DWithin(ST_StartPoint(a.geom)::geography, ST_Boundary(b.geom)::geography, 2 * $6::float8)
         AND ST_DWithin(ST_EndPoint(a.geom)::geography, ST_Boundary(b.geom)::geography, 2 * $6::float8)
         AND ST_HausdorffDistance(ST_Transform(a.geom, $7::int), ST_Transform(b.geom, $7::int)) <= 2 *
           $6::float8
       ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, layer.name, check.severity, changesetId, tx.ctx.now, check.tolerance, utmSrid],
    );
  }

  private async hasRows(tx: Tx, table: string): Promise<boolean> {
    return (
      (await tx.maybe(`SELECT 1 AS one FROM ${table} WHERE ulb_id = $1 LIMIT 1`, [tx.ctx.ulbId])) !== null
    );
  }
}

/** SQL of the disc of so many metres around a point, in longitude and latitude. */
function metresAround(point: string, metres: string, utmSrid: string): string {
  return `ST_Transform(ST_Buffer(ST_Transform(${point}, ${utmSrid}), ${metres}), 4326)`;
}

/** Features that the law dates meet only on days that they share. */
function sameTime(layer: Layer): string {
  return layer.effective ? 'AND a.effective && b.effective' : '';
}
