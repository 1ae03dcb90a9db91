import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { holdsOn, type PropertyDocument } from './property-document.js';

/** A version of a property as it was recorded. */
export interface KnownVersion {
  version: number;
  recordedAt: Date;
  document: PropertyDocument;
}

/** The days and the instant of which the roll is asked. */
export interface AsOf {
  /** Units and owners that hold on this day, `YYYY-MM-DD`. */
  effectiveOn: string;
  /** As the roll was recorded at this instant; null: as it is now. */
  knownAt: Date | null;
}

const list = (name: string) =>
  `CASE WHEN jsonb_typeof(r.record->'${name}') = 'array' THEN r.record->'${name}' ELSE '[]' END`;

/** A record of the roll unpacked: decimals as text, ranges as two days. */
const documentSql = `SELECT r.version, r.recorded_at, jsonb_build_object(
    'property', (SELECT jsonb_build_object('number', p.number, 'status', p.status, 'wardNumber', p.ward_number,
        'zoneNumber', p.zone_number, 'category', p.category, 'locality', p.locality, 'address', p.address,
        'addressLocal', p.address_local, 'landAreaM2', p.land_area_m2::text,
        'noParcelReason', p.no_parcel_reason, 'facts', coalesce(p.facts, '{}'))
      FROM jsonb_to_record(r.record->'property') AS p(number text, status text, ward_number text,
        zone_number text, category text, locality text, address text, address_local text,
        land_area_m2 numeric(14,4), no_parcel_reason text, facts jsonb)),
    'units', (SELECT coalesce(jsonb_agg(jsonb_build_object('unitNo', u.unit_no, 'from', lower(u.effective),
        'to', upper(u.effective), 'recordedAt', u.recorded_at, 'floor', u.floor, 'use', u.use,
        'structure', u.structure, 'occupancy', u.occupancy, 'yearBuilt', u.year_built,
        'areaM2', u.area_m2::text, 'declaredAreaM2', u.declared_area_m2::text,
        'measuredAreaM2', u.measured_area_m2::text, 'capitalValue', u.capital_value::text,
        'facts', coalesce(u.facts, '{}')) ORDER BY u.unit_no, u.effective), '[]')
      FROM jsonb_to_recordset(${list('units')}) AS u(unit_no smallint, effective daterange, floor text,
        use text, structure text, occupancy text, year_built smallint, area_m2 numeric(14,4),
        declared_area_m2 numeric(14,4), measured_area_m2 numeric(14,4), capital_value numeric(18,2),
        facts jsonb, recorded_at text)),
    'owners', (SELECT coalesce(jsonb_agg(jsonb_build_object('ownerNo', o.owner_no, 'from', lower(o.effective),
        'to', upper(o.effective), 'recordedAt', o.recorded_at, 'name', o.name, 'nameLocal', o.name_local,
        'mobile', o.mobile, 'share', o.share::text, 'class', o.class) ORDER BY o.owner_no, o.effective), '[]')
      FROM jsonb_to_recordset(${list('owners')}) AS o(owner_no smallint, effective daterange, name text,
        name_local text, mobile text, share numeric(9,8), class text, recorded_at text)),
    'parcelIds', (SELECT coalesce(jsonb_agg(l.parcel_id ORDER BY l.parcel_id), '[]')
      FROM jsonb_to_recordset(${list('parcels')}) AS l(parcel_id uuid))) AS document`;

interface DocumentRow {
  version: number;
  recorded_at: Date;
  document: PropertyDocument;
}

/** Reads and writes whole properties, so that every state of the roll can be had as recorded at any instant. */
@Injectable()
export class DocumentRepository {
  /** A property with all days that it tells of, as recorded at `knownAt`; null where it was not on the roll. */
  async version(tx: Tx, propertyId: string, knownAt: Date | null): Promise<KnownVersion | null> {
    const row = await tx.maybe<DocumentRow>(
      `${documentSql} FROM property_record($1, $2, coalesce($3::timestamptz, 'infinity')) AS r`,
      [tx.ctx.ulbId, propertyId, knownAt],
    );
    return row && { version: row.version, recordedAt: row.recorded_at, document: row.document };
  }

  /**
   * The property as the roll knew it at `knownAt`, with the units and owners that held on `effectiveOn`: what an
   * assessment of that day, made at that instant, has read. What the law does not date (ward, address, land area,
   * facts and status of the property itself) is as recorded then. Null where the property was not on the roll yet.
   */
  async propertyAsKnown(tx: Tx, propertyId: string, asOf: AsOf): Promise<KnownVersion | null> {
    const known = await this.version(tx, propertyId, asOf.knownAt);
    if (!known) return null;
    const { units, owners } = known.document;
    const document = {
      ...known.document,
      units: units.filter((unit) => holdsOn(unit, asOf.effectiveOn)),
      owners: owners.filter((owner) => holdsOn(owner, asOf.effectiveOn)),
    };
    return { ...known, document };
  }

  /** Every version in the order of their numbers, the one that stands last. */
  async versions(tx: Tx, propertyId: string): Promise<(KnownVersion & VersionAct)[]> {
    const rows = await tx.rows<DocumentRow & VersionRow>(
      `WITH r AS (
         SELECT h.version, h.recorded_at, h.record, h.ended_at, h.ended_by, h.reason AS ended_for
         FROM property_history h WHERE h.ulb_id = $1 AND h.property_id = $2
         UNION ALL SELECT n.version, n.recorded_at, n.record, NULL, NULL, NULL
         FROM property_record($1, $2, 'infinity') AS n)
       ${documentSql}, lag(r.ended_by) OVER w AS by_login, lag(r.ended_for) OVER w AS reason,
         c.id AS change_id, c.effective_on, c.document AS paper, c.reason AS change_reason,
         c.made_by_login, c.decided_by_login, c.batch_id
       FROM r LEFT JOIN property_changes c ON c.ulb_id = $1 AND c.property_id = $2
         AND c.applied_version = r.version
       WINDOW w AS (ORDER BY r.version) ORDER BY r.version`,
      [tx.ctx.ulbId, propertyId],
    );
    return rows.map((row) => ({
      version: row.version,
      recordedAt: row.recorded_at,
      document: row.document,
      changeId: row.change_id,
      batchId: row.batch_id,
      madeByLogin: row.made_by_login ?? row.by_login,
      approvedByLogin: row.decided_by_login,
      effectiveOn: row.effective_on,
      paper: row.paper,
      reason: row.change_reason ?? row.reason,
    }));
  }

  /** Waits for whoever is changing the property. Its version, or null where there is none of that id. */
  async lock(tx: Tx, propertyId: string): Promise<number | null> {
    const row = await tx.maybe<{ version: number }>(
      'SELECT version FROM properties WHERE ulb_id = $1 AND id = $2 FOR UPDATE',
      [tx.ctx.ulbId, propertyId],
    );
    return row?.version ?? null;
  }

  /**
   * Writes a version: the one before goes to the history whole, and all that stands is written anew. `base` is the
   * version before, 0 for a new property. The property must be locked. Returns the new version's number.
   */
  async write(tx: Tx, propertyId: string, base: number, given: { document: PropertyDocument; why: string }) {
    const values = [tx.ctx.ulbId, propertyId, tx.ctx.now];
    if (base > 0) await this.keep(tx, propertyId, given.why);
    await tx.run(base > 0 ? updateProperty : insertProperty, [...values, given.document.property]);
    for (const table of ['units', 'owners', 'property_parcels']) {
      if (base > 0)
        await tx.run(`DELETE FROM ${table} WHERE ulb_id = $1 AND property_id = $2`, values.slice(0, 2));
    }
    const { units, owners, parcelIds } = given.document;
    await tx.run(insertUnits, [...values, JSON.stringify(units)]);
    await tx.run(insertOwners, [...values, JSON.stringify(owners)]);
    await tx.run(
      'INSERT INTO property_parcels (ulb_id, property_id, parcel_id) SELECT $1, $2, unnest($3::uuid[])',
      [...values.slice(0, 2), parcelIds],
    );
    return base + 1;
  }

  private async keep(tx: Tx, propertyId: string, why: string): Promise<void> {
    await tx.run(
      `INSERT INTO property_history (ulb_id, property_id, version, record, recorded_at, ended_at, ended_by, reason)
       SELECT $1, $2, r.version, r.record, r.recorded_at, $3, $4, $5
       FROM property_record($1, $2, 'infinity') AS r`,
      [tx.ctx.ulbId, propertyId, tx.ctx.now, tx.ctx.actor.login, why],
    );
  }
}

/** Who made a version, who approved it, when it holds from, by which paper and why. */
export interface VersionAct {
  changeId: string | null;
  batchId: string | null;
  /** Null for a version that the first import brought. */
  madeByLogin: string | null;
  approvedByLogin: string | null;
  effectiveOn: string | null;
  paper: string | null;
  reason: string | null;
}

interface VersionRow {
  by_login: string | null;
  reason: string | null;
  change_id: string | null;
  batch_id: string | null;
  effective_on: string | null;
  paper: string | null;
  change_reason: string | null;
  made_by_login: string | null;
  decided_by_login: string | null;
}

const given = `jsonb_to_record($4::jsonb) AS d(number text, status text, "wardNumber" text, "zoneNumber" text,
  category text, locality text, address text, "addressLocal" text, "landAreaM2" numeric, "noParcelReason" text,
  facts jsonb)`;
const columns = `number, status, ward_number, zone_number, category, locality, address, address_local, land_area_m2,
  no_parcel_reason, facts`;
const fields = `d.number, d.status, d."wardNumber", d."zoneNumber", d.category, d.locality, d.address,
  d."addressLocal", d."landAreaM2", d."noParcelReason", coalesce(d.facts, '{}')`;

const insertProperty = `INSERT INTO properties (ulb_id, id, recorded_at, ${columns})
  SELECT $1, $2, $3, ${fields} FROM ${given}`;
const updateProperty = `UPDATE properties SET version = version + 1, recorded_at = $3, (${columns}) =
  (SELECT ${fields} FROM ${given}) WHERE ulb_id = $1 AND id = $2`;
const insertUnits = `INSERT INTO units (ulb_id, property_id, unit_no, effective, floor, use, structure, occupancy,
    year_built, area_m2, declared_area_m2, measured_area_m2, capital_value, facts, recorded_at)
  SELECT $1, $2, u."unitNo", daterange(u."from", u."to"), u.floor, u.use, u.structure, u.occupancy, u."yearBuilt",
    u."areaM2", u."declaredAreaM2", u."measuredAreaM2", u."capitalValue", coalesce(u.facts, '{}'),
    coalesce(u."recordedAt", $3)
  FROM jsonb_to_recordset($4::jsonb) AS u("unitNo" smallint, "from" date, "to" date, floor text, use text,
    structure text, occupancy text, "yearBuilt" smallint, "areaM2" numeric, "declaredAreaM2" numeric,
    "measuredAreaM2" numeric, "capitalValue" numeric, facts jsonb, "recordedAt" timestamptz)`;
const insertOwners = `INSERT INTO owners (ulb_id, property_id, owner_no, effective, name, name_local, mobile, share,
    class, recorded_at)
  SELECT $1, $2, o."ownerNo", daterange(o."from", o."to"), o.name, o."nameLocal", o.mobile, o.share, o.class,
    coalesce(o."recordedAt", $3)
  FROM jsonb_to_recordset($4::jsonb) AS o("ownerNo" smallint, "from" date, "to" date, name text, "nameLocal" text,
    mobile text, share numeric, class text, "recordedAt" timestamptz)`;
