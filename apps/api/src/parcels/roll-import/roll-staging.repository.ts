import { Injectable } from '@nestjs/common';
import { copyIn } from '../../map/import/copy-in.js';
import type { Outcome, ReportLine } from '../../map/import/report.js';
import type { Fault, StagedColumn } from '../../map/import/staged-columns.repository.js';
import { rowsWith, runWith } from '../../map/import/used-values.js';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { RollColumn } from './roll-mapping.js';

/** One roll on its way in: how its columns are filled, and its values for the compiled SQL. */
export interface RollPlan {
  width: number;
  /** As compiled: the land's number under `parcel`, where the mapping names it. */
  columns: StagedColumn[];
  rollColumns: RollColumn[];
  facts: { level: 'property' | 'unit'; name: string; column: string }[];
  faults: Fault[];
  conditions: string[];
  values: SqlValue[];
  /** SQL over `s`: the number as the file has it. */
  numberSql: string;
  ordinal: boolean;
  effectiveFrom: string;
}

/** The temporary tables of a roll, and its rows checked there. */
@Injectable()
export class RollStagingRepository {
  async open(tx: Tx, plan: RollPlan): Promise<void> {
    const raw = Array.from({ length: plan.width }, (_, index) => `c${index + 1} text`);
    const exact = new Map(plan.rollColumns.map(({ described, sqlType }) => [described.name, sqlType]));
    const checked = plan.columns.map(
      ({ column, type }) => `${column.name} ${exact.get(column.name) ?? type}`,
    );
    await tx.run('SET LOCAL client_min_messages = error');
    await tx.run("SET LOCAL work_mem = '128MB'");
    await tx.run(`CREATE TEMP TABLE roll_stage (line int NOT NULL, ${raw.join(', ')}) ON COMMIT DROP`);
    await tx.run(
      `CREATE TEMP TABLE roll_rows (line int NOT NULL, number text COLLATE "C", faults int[] NOT NULL,
         state text, property_id uuid, parcels int, reason text, property_facts jsonb, unit_facts jsonb
         ${checked.map((column) => `, ${column}`).join('')}
         ${plan.columns.some(({ column }) => column.name === 'parcel') ? '' : ', parcel text'}) ON COMMIT
           DROP`,
    );
  }

  async copy(tx: Tx, plan: RollPlan, chunks: AsyncIterable<Buffer>): Promise<void> {
    const columns = Array.from({ length: plan.width }, (_, index) => `c${index + 1}`);
    await copyIn(tx.driver, `COPY roll_stage (line, ${columns.join(', ')}) FROM STDIN`, chunks);
    await tx.run('ANALYZE roll_stage');
  }

  /** Values, numbers and faults of every row; then one row a number. Returns how many may be applied. */
  async check(tx: Tx, plan: RollPlan): Promise<void> {
    const names = plan.columns.map(({ column }) => column.name);
    const raw = plan.columns.map(({ column, rawSql }) => `${rawSql} AS ${column.name}`);
    const value = plan.columns.map(({ column, valueSql }) => `${valueSql} AS ${column.name}`);
    const faults = plan.conditions.map((condition, index) => `CASE WHEN ${condition} THEN ${index + 1} END`);
    const facts = (level: string) => {
      const pairs = plan.facts
        .filter((fact) => fact.level === level)
        .map((f) => `'${f.name}', v.${f.column}`);
      return `jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')}))`;
    };
    const ordinal = `n.number || '-' || row_number() OVER (PARTITION BY n.number ORDER BY s.line)`;
    await runWith(
      tx,
      `INSERT INTO roll_rows (line, number, faults, property_facts, unit_facts${list(names)})
       SELECT s.line, ${plan.ordinal ? ordinal : 'n.number'},
         array_remove(ARRAY[CASE WHEN n.number IS NULL THEN -1
           END${faults.map((f) => `, ${f}`).join('')}]::int[], NULL),
         ${facts('property')}, ${facts('unit')}${list(names, 'v.')}
       FROM roll_stage s
       CROSS JOIN LATERAL (SELECT ${plan.numberSql} AS number OFFSET 0) AS n
       CROSS JOIN LATERAL (SELECT ${raw.join(', ') || '1'} OFFSET 0) AS r
       CROSS JOIN LATERAL (SELECT ${value.join(', ') || '1'} OFFSET 0) AS v`,
      plan.values,
    );
    await tx.run(
      `UPDATE roll_rows r SET faults = faults || -2 FROM (SELECT line, row_number() OVER (PARTITION BY
        number ORDER BY line) AS n
         FROM roll_rows) AS d WHERE d.line = r.line AND d.n > 1 AND r.number IS NOT NULL`,
    );
    const rejecting = plan.faults.flatMap((fault, index) =>
      fault.outcome === 'rejected' ? [index + 1] : [],
    );
    await tx.run(`UPDATE roll_rows SET state = 'rejected' WHERE faults <> '{}' AND faults && $1::int[]`, [
      [-1, -2, ...rejecting],
    ]);
    await this.findLand(tx);
    await tx.run('ANALYZE roll_rows');
  }

  /**
   * Joins each row to the land that bears its number. Where several parcels bear it, the property is joined
   * to all of
   * them, which is told: it is one account, and is assessed once.
   */
  private async findLand(tx: Tx): Promise<void> {
    await tx.run(
      `CREATE TEMP TABLE roll_land ON COMMIT DROP AS
       SELECT r.line, p.id AS parcel_id, p.ward_number FROM roll_rows r
       JOIN parcels p ON p.ulb_id = $1 AND p.parcel_no = r.parcel COLLATE "C" WHERE r.state IS NULL`,
      [tx.ctx.ulbId],
    );
    await tx.run(
      `UPDATE roll_rows r SET parcels = coalesce(l.parcels, 0),
         reason = CASE WHEN r.parcel IS NULL THEN 'no_key' WHEN l.parcels IS NULL THEN 'unknown_key' END
       FROM roll_rows b LEFT JOIN (SELECT line, count(*)::int AS parcels FROM roll_land GROUP BY line)
         AS l ON l.line = b.line
       WHERE b.line = r.line AND r.state IS NULL`,
    );
  }

  /** What there is to say, line by line of the file. */
  async lines(tx: Tx, plan: RollPlan): Promise<ReportLine[]> {
    const told = [
      {
        number: -1,
        rule: 'number-missing',
        outcome: 'rejected',
        column: 'number',
        message: 'the property has no number',
      },
      {
        number: -2,
        rule: 'duplicate-number',
        outcome: 'rejected',
        column: 'number',
        message: 'an earlier line has this number',
      },
      ...plan.faults.map((fault, index) => ({ ...fault, number: index + 1, valueSql: undefined })),
    ];
    const cases = plan.faults.map((fault, index) => `WHEN ${index + 1} THEN ${fault.valueSql}`).join(' ');
    const at = plan.values.length + 1;
    const rows = await rowsWith<{
      line: number;
      outcome: Outcome;
      rule: string;
      name: string | null;
      value: string | null;
      message: string;
    }>(
      tx,
      `SELECT l.line, l.outcome, l.rule, l.name, left(l.value, 200) AS value, l.message FROM (
         SELECT r.line, f.number AS n, t->>'outcome' AS outcome, t->>'rule' AS rule, t->>'column' AS name,
           CASE f.number WHEN -2 THEN r.number WHEN -1 THEN NULL ${cases} END AS value, t->>'message'
             AS message
         FROM roll_rows r JOIN roll_stage s USING (line) CROSS JOIN LATERAL unnest(r.faults) AS f(number)
         JOIN LATERAL (SELECT t FROM jsonb_array_elements($${at}::jsonb) AS t
           WHERE (t->>'number')::int = f.number) AS t ON true
         WHERE r.faults <> '{}'
         UNION ALL
         SELECT line, 1000, 'warned', CASE reason WHEN 'no_key' THEN 'no-parcel-number' WHEN 'unknown_key'
           THEN 'unknown-parcel'
             ELSE 'ambiguous-parcel' END, 'parcel', parcel,
           CASE reason WHEN 'no_key' THEN 'names no parcel: the property is kept without land'
             WHEN 'unknown_key' THEN 'no parcel bears this number: the property is kept without land'
             ELSE parcels ||
               ' parcels bear this number: the property is joined to all of them, and is one account' END
         FROM roll_rows WHERE state IS DISTINCT FROM 'rejected' AND (reason IS NOT NULL OR parcels > 1)) AS l
       ORDER BY l.line, l.n`,
      [...plan.values, JSON.stringify(told)],
    );
    return rows.map(({ line, name, ...row }) => ({ ...row, row: line, column: name, place: null }));
  }
}

function list(columns: string[], prefix = ''): string {
  return columns.map((column) => `, ${prefix}${column}`).join('');
}
