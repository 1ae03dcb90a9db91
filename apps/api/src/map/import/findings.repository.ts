import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { LayerCheck } from '../layer.js';
import { commonGroundSql, meetingPairs, preferIndexes } from './overlap/overlap.repository.js';
import type { Plan } from './staging.repository.js';

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
   * Pairs whose interiors meet in more than the tolerance: the few that meet at all are measured in the
   * municipality's UTM zone.
   */
  private async overlaps(tx: Tx, plan: Plan, check: LayerCheck): Promise<number> {
    const { layer, changesetId } = plan;
    const pairs = await meetingPairs(tx, plan, check);
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
    await preferIndexes(tx);
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
    await preferIndexes(tx);
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
