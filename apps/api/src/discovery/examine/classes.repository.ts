import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { DiscoveryRow } from '../run/run.repository.js';
import { hashed } from './hashed.repository.js';

type Run = Pick<DiscoveryRow, 'id' | 'settings' | 'ward_numbers' | 'effective_on'>;

/** One, several or none on each side, by the numbers of the group. */
const sides = `CASE WHEN g.footprints = 1 AND g.accounts = 1 THEN 'one_to_one' WHEN g.footprints = 1 THEN 'one_to_many'
    WHEN g.accounts = 1 THEN 'many_to_one' ELSE 'many_to_many' END`;

/** Land is a unit too, but no building stands in it. */
export const isBuilt = (unit: string) =>
  `coalesce(${unit}.use, '') <> 'vacant' AND coalesce(${unit}.floor, '') <> 'land'`;

/** Each footprint and each property in exactly one class, and the proof that none is missing. */
@Injectable()
export class ClassesRepository {
  async classify(tx: Tx, run: Run): Promise<void> {
    const values = [tx.ctx.ulbId, run.id];
    await tx.run(
      `UPDATE discovery_footprints f SET class = CASE WHEN g.accounts > 0 THEN ${sides}
           WHEN lead.area_m2 < $3::numeric THEN 'too_small' ELSE 'no_account' END
       FROM discovery_groups g JOIN discovery_footprints lead
         ON lead.ulb_id = $1 AND lead.run_id = $2 AND lead.building_id = g.lead_building
       WHERE f.ulb_id = $1 AND f.run_id = $2 AND g.ulb_id = $1 AND g.run_id = $2 AND g.group_id = f.group_id`,
      [...values, run.settings.footprintMinM2],
    );
    await hashed(tx, () =>
      tx.run(
        `WITH surveyed AS MATERIALIZED (SELECT DISTINCT ward_number FROM discovery_footprints
           WHERE ulb_id = $1 AND run_id = $2 AND own),
         built AS MATERIALIZED (SELECT DISTINCT u.property_id FROM discovery_accounts a
           JOIN units u ON u.ulb_id = $1 AND u.property_id = a.property_id AND coalesce(u.effective @> $3::date, false)
           WHERE a.ulb_id = $1 AND a.run_id = $2 AND ${isBuilt('u')})
       UPDATE discovery_accounts a SET class = CASE WHEN g.footprints > 0 THEN ${sides}
           WHEN a.linked_by = 'nothing' THEN 'off_map'
           WHEN a.ward_number NOT IN (SELECT ward_number FROM surveyed) THEN 'not_surveyed'
           WHEN a.property_id IN (SELECT property_id FROM built) THEN 'no_footprint' ELSE 'land_only' END
       FROM discovery_groups g
       WHERE a.ulb_id = $1 AND a.run_id = $2 AND g.ulb_id = $1 AND g.run_id = $2 AND g.group_id = a.group_id`,
        [...values, run.effective_on],
      ),
    );
  }

  /** How many of each class; the sums are those of the tables themselves, or this throws. */
  async account(
    tx: Tx,
    run: Run,
  ): Promise<{ footprints: Record<string, number>; properties: Record<string, number> }> {
    const count = async (table: string) => {
      const rows = await tx.rows<{ class: string; n: number }>(
        `SELECT coalesce(class, 'none') AS class, count(*)::int AS n FROM ${table}
         WHERE ulb_id = $1 AND run_id = $2 AND own GROUP BY 1 ORDER BY 1`,
        [tx.ctx.ulbId, run.id],
      );
      return Object.fromEntries(rows.map((row) => [row.class, row.n]));
    };
    const footprints = await count('discovery_footprints');
    const properties = await count('discovery_accounts');
    const there = await tx.one<{ buildings: number; properties: number }>(
      `SELECT (SELECT count(*)::int FROM buildings WHERE ulb_id = $1
           AND ($2::text[] IS NULL OR ward_number = ANY ($2))) AS buildings,
         (SELECT count(*)::int FROM properties WHERE ulb_id = $1 AND status = 'active'
           AND ($2::text[] IS NULL OR ward_number = ANY ($2))) AS properties`,
      [tx.ctx.ulbId, run.ward_numbers],
    );
    for (const [counts, all] of [
      [footprints, there.buildings],
      [properties, there.properties],
    ] as const) {
      const sum = Object.values(counts).reduce((total, n) => total + n, 0);
      if (sum !== all || counts['none']) {
        throw new Error(`Discovery ${run.id} accounts for ${sum} of ${all}: ${JSON.stringify(counts)}.`);
      }
    }
    return { footprints, properties };
  }
}
