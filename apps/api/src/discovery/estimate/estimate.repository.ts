import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import { findingKinds } from '../finding/states.js';
import type { DiscoveryRow } from '../run/run.repository.js';
import { SampleRepository } from './sample.repository.js';

type Run = Pick<DiscoveryRow, 'id' | 'settings' | 'fy' | 'effective_on'>;

const [first, last] = ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];

/**
 * What a finding would change in a year's tax, by the very statement that assesses the city, run over rows that do not
 * exist. An estimate, and marked as one: nothing of it is demanded or posted.
 */
@Injectable()
export class EstimateRepository {
  constructor(private readonly samples: SampleRepository) {}

  /** Fills before, after, what is missing and what was assumed in `discovery_found`. */
  async estimate(tx: Tx, run: Run, ward: string, tariff: CompiledTariff | null): Promise<void> {
    if (!tariff) {
      await tx.run(`UPDATE discovery_found SET missing = ARRAY['tariff']`);
      return;
    }
    await this.samples.prepare(tx, run, ward);
    await tx.run(
      `CREATE TEMP TABLE discovery_amounts (phase text, property_id uuid, total_paise bigint, missing text[])
       ON COMMIT DROP`,
    );
    const kinds = await this.samples.kinds(tx);
    if (kinds.length) await this.samples.asItStands(tx, run, null);
    await this.reckon(tx, run, tariff, 'before');
    for (const kind of findingKinds.filter((each) => kinds.includes(each))) {
      await this.samples.asItStands(tx, run, kind);
      await this.samples.asAlleged(tx, run, ward, kind);
      await this.reckon(tx, run, tariff, kind);
    }
    await this.conclude(tx);
  }

  private async reckon(tx: Tx, run: Run, tariff: CompiledTariff, phase: string): Promise<void> {
    const { found } = await tx.one<{ found: boolean }>(
      'SELECT EXISTS (SELECT FROM discovery_sim_properties) AS found',
    );
    if (!found) return;
    // CTEs of the same names stand in for the tables of the roll, as they do in a tariff's own cases.
    await tx.run(
      `WITH properties AS (SELECT * FROM discovery_sim_properties), units AS (SELECT * FROM discovery_sim_units),
         owners AS (SELECT * FROM discovery_sim_owners),
         assessments AS (SELECT * FROM assessments WHERE ulb_id = $1
           AND property_id IN (SELECT id FROM discovery_sim_properties))
       INSERT INTO discovery_amounts
       SELECT $7::text, c.property_id, c.total_paise, coalesce(c.missing,
         CASE WHEN c.total_paise IS NULL THEN ARRAY['amount'] END) FROM (${tariff.chunkSelectSql}) AS c`,
      [tx.ctx.ulbId, run.fy, run.effective_on, first, last, null, phase],
    );
  }

  /** Sums over the accounts of each finding; one account that lacks an input leaves the finding without an estimate. */
  private async conclude(tx: Tx): Promise<void> {
    await tx.run(
      `WITH sums AS MATERIALIZED (SELECT s.found_id, sum(b.total_paise) AS before, sum(a.total_paise) AS after,
           bool_and(a.total_paise IS NOT NULL AND (b.total_paise IS NOT NULL OR s.property_id = s.found_id)) AS whole
         FROM discovery_sample s
         LEFT JOIN discovery_amounts b ON b.phase = 'before' AND b.property_id = s.property_id
         LEFT JOIN discovery_amounts a ON a.phase = s.kind AND a.property_id = s.property_id GROUP BY s.found_id),
       lacks AS MATERIALIZED (SELECT s.found_id, array_agg(DISTINCT m ORDER BY m) AS missing FROM discovery_sample s
         JOIN discovery_amounts x ON x.phase IN ('before', s.kind) AND x.property_id = s.property_id
         CROSS JOIN LATERAL unnest(x.missing) AS m GROUP BY s.found_id)
       UPDATE discovery_found d SET before_paise = CASE WHEN sums.whole THEN coalesce(sums.before, 0) END,
         after_paise = CASE WHEN sums.whole THEN sums.after END,
         missing = CASE WHEN NOT sums.whole THEN coalesce(l.missing, ARRAY['amount']) END
       FROM sums LEFT JOIN lacks l USING (found_id) WHERE d.id = sums.found_id`,
    );
    // What the estimate rests on, with the values: the first unit that was made up stands for all.
    await tx.run(
      `UPDATE discovery_found d SET assumed = jsonb_strip_nulls(CASE
         WHEN d.kind IN ('no_account', 'vacant_untaxed', 'vacant_built') THEN jsonb_build_object(
           'as_most_in_ward', true, 'zone', CASE WHEN d.kind <> 'vacant_built' THEN w.zone_number END,
           'use', c.use, 'structure', c.structure, 'occupancy', c.occupancy,
           'one_owner', CASE WHEN d.kind <> 'vacant_built' THEN true END)
         WHEN d.kind = 'extra_floor' THEN jsonb_build_object('as_highest_floor', true)
         WHEN d.kind = 'area' THEN jsonb_build_object('units_grow_alike', true)
         WHEN d.kind = 'changed_use' THEN jsonb_build_object('all_units_changed', true, 'use', f.map_use)
         ELSE jsonb_build_object('land_taxed_as_vacant', true) END)
       FROM discovery_found x CROSS JOIN discovery_place w
       LEFT JOIN discovery_figures f ON f.group_id = x.group_id
       LEFT JOIN LATERAL (SELECT * FROM discovery_custom c WHERE c.use = CASE WHEN x.kind = 'vacant_untaxed' THEN 'vacant'
           WHEN f.map_use = 'mixed' THEN 'commercial' ELSE coalesce(f.map_use, c.use) END
         ORDER BY c.units DESC, c.use LIMIT 1) AS c ON true
       WHERE x.id = d.id`,
    );
  }
}
