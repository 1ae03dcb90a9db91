import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { refuseEarlier, writeDated } from './roll-dated.repository.js';
import type { RollColumn } from './roll-mapping.js';
import type { RollPlan } from './roll-staging.repository.js';

export interface RollApplied {
  created: number;
  changed: number;
  unchanged: number;
  rejected: number;
}

/**
 * Writes checked rows into the roll: new properties, changed ones with their old state kept, nothing else.
 */
@Injectable()
export class RollApplyRepository {
  async apply(tx: Tx, plan: RollPlan): Promise<RollApplied> {
    await this.match(tx, plan);
    await refuseEarlier(tx, plan.effectiveFrom);
    await this.keepOld(tx);
    const created = await this.createProperties(tx, plan);
    const changed = await this.changeProperties(tx, plan);
    await this.writeUnits(tx, plan);
    await this.writeOwners(tx, plan);
    await this.writeLand(tx);
    const counted = await tx.one<{ unchanged: number; rejected: number }>(
      `SELECT count(*) FILTER (WHERE state = 'unchanged')::int AS unchanged,
         count(*) FILTER (WHERE state = 'rejected')::int AS rejected FROM roll_rows`,
    );
    return { created, changed, ...counted };
  }

  private of(plan: RollPlan, table: RollColumn['table']): { name: string; from: string }[] {
    const own = plan.rollColumns.filter((column) => column.table === table);
    const columns = own.map(({ name, described }) => {
      const blank = table === 'owners' ? blankOwner[name] : undefined;
      return { name, from: blank ? `coalesce(r.${described.name}, ${blank})` : `r.${described.name}` };
    });
    const level = table === 'properties' ? 'property' : table === 'units' ? 'unit' : null;
    if (level && plan.facts.some((fact) => fact.level === level)) {
      columns.push({ name: 'facts', from: `r.${level}_facts` });
    }
    if (table !== 'properties') return columns;
    // The ward is that of the land, unless the file names one.
    const ward = columns.some(({ name }) => name === 'ward_number')
      ? []
      : [{ name: 'ward_number', from: '(SELECT min(l.ward_number) FROM roll_land l WHERE l.line = r.line)' }];
    return [...columns, ...ward, { name: 'no_parcel_reason', from: 'r.reason' }];
  }

  /**
   * A row is known by its number; it is changed when property, unit, owner or land differ in anything the
   * file fills.
   */
  private async match(tx: Tx, plan: RollPlan): Promise<void> {
    await tx.run('CREATE INDEX ON roll_land (line)');
    const differs = (alias: string, table: RollColumn['table']) =>
      this.of(plan, table).map(({ name, from }) => `${alias}.${name} IS DISTINCT FROM ${from}`);
    // A row that names no owner says nothing about the one on record.
    const owner = differs('o', 'owners');
    const changes = [
      ...differs('p', 'properties'),
      ...differs('u', 'units'),
      'u.property_id IS NULL',
      ...(owner.length ? [`(r.owner_name IS NOT NULL AND (${owner.join(' OR ')}))`] : []),
      `ARRAY(SELECT parcel_id FROM property_parcels x WHERE x.ulb_id = $1 AND x.property_id = p.id ORDER BY 1)
         <> ARRAY(SELECT parcel_id FROM roll_land l WHERE l.line = r.line ORDER BY 1)`,
    ];
    await tx.run(
      `UPDATE roll_rows t SET property_id = m.id, state = CASE WHEN m.changed THEN 'changed'
        ELSE 'unchanged' END
       FROM (SELECT r.line, p.id, (${changes.join(' OR ')}) AS changed FROM roll_rows r
         JOIN properties p ON p.ulb_id = $1 AND p.number = r.number
         LEFT JOIN units u ON u.ulb_id = $1 AND u.property_id = p.id AND u.unit_no = 1
           AND u.effective @> $2::date
         LEFT JOIN owners o ON o.ulb_id = $1 AND o.property_id = p.id AND o.owner_no = 1
           AND o.effective @> $2::date
         WHERE r.state IS NULL) AS m
       WHERE m.line = t.line`,
      [tx.ctx.ulbId, plan.effectiveFrom],
    );
    await tx.run("UPDATE roll_rows SET state = 'new', property_id = uuid_v7() WHERE state IS NULL");
  }

  private async keepOld(tx: Tx): Promise<void> {
    const parts = (table: string) =>
      `(SELECT jsonb_agg(to_jsonb(x) - 'ulb_id') FROM ${table} x WHERE x.ulb_id = $1
        AND x.property_id = p.id)`;
    await tx.run(
      `INSERT INTO property_history (ulb_id, property_id, version, record, recorded_at, ended_at, ended_by,
        reason)
       SELECT $1, p.id, p.version, jsonb_build_object('property', to_jsonb(p) - 'ulb_id', 'units',
         ${parts('units')},
         'owners', ${parts('owners')}, 'parcels', ${parts('property_parcels')}), p.recorded_at, $2, $3,
           'import of the roll'
       FROM properties p JOIN roll_rows r ON r.property_id = p.id WHERE p.ulb_id = $1
         AND r.state = 'changed'`,
      [tx.ctx.ulbId, tx.ctx.now, tx.ctx.actor.login],
    );
  }

  private createProperties(tx: Tx, plan: RollPlan): Promise<number> {
    const columns = this.of(plan, 'properties');
    return tx.run(
      `INSERT INTO properties (ulb_id, id, number, source_key, recorded_at${names(columns)})
       SELECT $1, r.property_id, r.number, r.number, $2${froms(columns)} FROM roll_rows r
         WHERE state = 'new' ORDER BY r.property_id`,
      [tx.ctx.ulbId, tx.ctx.now],
    );
  }

  private changeProperties(tx: Tx, plan: RollPlan): Promise<number> {
    const sets = this.of(plan, 'properties').map(({ name, from }) => `, ${name} = ${from}`);
    return tx.run(
      `UPDATE properties p SET version = p.version + 1, recorded_at = $2${sets.join('')}
       FROM roll_rows r WHERE p.ulb_id = $1 AND p.id = r.property_id AND r.state = 'changed'`,
      [tx.ctx.ulbId, tx.ctx.now],
    );
  }

  /** The roll has one unit a row. */
  private async writeUnits(tx: Tx, plan: RollPlan): Promise<void> {
    const unit = { table: 'units', numberColumn: 'unit_no', columns: this.of(plan, 'units') } as const;
    await writeDated(tx, plan.effectiveFrom, { ...unit, named: 'true' });
  }

  private async writeOwners(tx: Tx, plan: RollPlan): Promise<void> {
    const columns = this.of(plan, 'owners');
    if (columns.length === 0) return;
    const owner = { table: 'owners', numberColumn: 'owner_no', columns } as const;
    await writeDated(tx, plan.effectiveFrom, { ...owner, named: 'r.owner_name IS NOT NULL' });
  }

  private async writeLand(tx: Tx): Promise<void> {
    await tx.run(
      `DELETE FROM property_parcels x USING roll_rows r WHERE x.ulb_id = $1 AND x.property_id = r.property_id
         AND r.state = 'changed'`,
      [tx.ctx.ulbId],
    );
    await tx.run(
      `INSERT INTO property_parcels (ulb_id, property_id, parcel_id)
       SELECT $1, r.property_id, l.parcel_id FROM roll_rows r JOIN roll_land l USING (line)
         WHERE r.state IN ('new', 'changed')`,
      [tx.ctx.ulbId],
    );
  }

  /**
   * Dues of one arrears column, in whole paise and as the file has them, page by page; also those of nothing
   * and below it. `column` is one of the staging table's own.
   */
  arrears(tx: Tx, column: string, after: number, most: number): Promise<Due[]> {
    return tx.rows(
      `SELECT r.line, r.property_id AS "propertyId", trunc(r.${column} * 100)::bigint::text AS "amountPaise",
         r.${column}::text AS given
       FROM roll_rows r WHERE r.line > $1 AND r.state <> 'rejected' AND r.${column} IS NOT NULL
       ORDER BY r.line LIMIT $2`,
      [after, most],
    );
  }
}

/** What one row says is owed for a head and a year. */
export interface Due {
  line: number;
  propertyId: string;
  amountPaise: string;
  given: string;
}

/** What a blank cell of the owner means, as SQL: whole ownership, of no special class. */
const blankOwner: Record<string, string | undefined> = { class: "'none'", share: '1' };

function names(columns: { name: string }[]): string {
  return columns.map(({ name }) => `, ${name}`).join('');
}

function froms(columns: { from: string }[]): string {
  return columns.map(({ from }) => `, ${from}`).join('');
}
