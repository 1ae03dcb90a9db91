import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** The property file: changes of the roll by a maker and a checker, files of many changes, owners' returns. */
export class CreatePropertyChanges1795305610000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...batches, ...changes, ...returns, ...known]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const people = `made_by uuid, made_by_login text NOT NULL, made_at timestamptz NOT NULL,
     decided_by uuid, decided_by_login text, decided_at timestamptz, decision_reason text`;

const batches = [
  `CREATE TABLE property_change_batches (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     file text NOT NULL, file_sha256 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),
     status text NOT NULL CHECK (status IN ('submitted', 'approved', 'returned')),
     report jsonb NOT NULL, ${people},
     CONSTRAINT property_change_batches_two_people
       CHECK (decided_by_login <> made_by_login AND decided_by IS DISTINCT FROM made_by OR decided_at IS NULL),
     PRIMARY KEY (ulb_id, id))`,
  // The same file given again finds what it made; a file that was returned may be given anew.
  `CREATE UNIQUE INDEX property_change_batches_file ON property_change_batches (ulb_id, file_sha256)
     WHERE status <> 'returned'`,
  ...secureTable('property_change_batches', 'SELECT, INSERT, UPDATE'),
];

const changes = [
  `CREATE TABLE property_changes (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     property_id uuid NOT NULL, -- of a new property it is made with the change, before the property is
     batch_id uuid,
     kind text NOT NULL CHECK (kind IN ('create', 'alter', 'return', 'retire')),
     status text NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'returned', 'withdrawn')),
     base_version int NOT NULL CHECK (base_version >= 0), -- 0: there is no property yet
     effective_on date NOT NULL, document text,
     reason text NOT NULL CHECK (length(btrim(reason)) >= 5),
     number text COLLATE "C", ward_number text COLLATE "C",
     operations jsonb NOT NULL, digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),
     submitted_at timestamptz, ${people}, applied_version int,
     CONSTRAINT property_changes_two_people
       CHECK (decided_by_login <> made_by_login AND decided_by IS DISTINCT FROM made_by OR decided_at IS NULL),
     CONSTRAINT property_changes_decided
       CHECK ((status IN ('approved', 'returned')) = (decided_at IS NOT NULL)),
     CONSTRAINT property_changes_applied CHECK ((status = 'approved') = (applied_version IS NOT NULL)),
     PRIMARY KEY (ulb_id, id),
     CONSTRAINT property_changes_batch_fkey FOREIGN KEY (ulb_id, batch_id) REFERENCES property_change_batches)`,
  // Two changes of one property would each be checked against a state that the other is about to end.
  `CREATE UNIQUE INDEX property_changes_open ON property_changes (ulb_id, property_id) WHERE status = 'submitted'`,
  'CREATE INDEX property_changes_queue ON property_changes (ulb_id, status, id)',
  'CREATE INDEX property_changes_property ON property_changes (ulb_id, property_id, applied_version)',
  'CREATE INDEX property_changes_batch ON property_changes (ulb_id, batch_id)',
  ...secureTable('property_changes', 'SELECT, INSERT, UPDATE'),
  `CREATE FUNCTION refuse_change_of_approved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
     RAISE EXCEPTION 'change % of the roll is approved and stays as it is', OLD.id
       USING ERRCODE = 'restrict_violation', HINT = 'Make another change.';
   END $$`,
  `CREATE TRIGGER property_changes_final BEFORE UPDATE ON property_changes FOR EACH ROW
     WHEN (OLD.status = 'approved') EXECUTE FUNCTION refuse_change_of_approved()`,
  // A unit or owner that ends on the day it began leaves the roll; property_history has kept it.
  'GRANT DELETE ON units, owners TO jarib_app',
];

const returns = [
  `CREATE TABLE property_returns (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL, property_id uuid NOT NULL,
     fy smallint NOT NULL CHECK (fy BETWEEN 1950 AND 2200),
     status text NOT NULL CHECK (status IN ('filed', 'accepted', 'rejected', 'revised')),
     filed_for text NOT NULL CHECK (filed_for IN ('owner', 'occupier', 'office')),
     document text, declared jsonb NOT NULL,
     findings jsonb NOT NULL, -- what the check found on the day of filing, with the figures of that day
     change_id uuid, ${people},
     PRIMARY KEY (ulb_id, id),
     CONSTRAINT property_returns_property_fkey FOREIGN KEY (ulb_id, property_id) REFERENCES properties,
     CONSTRAINT property_returns_change_fkey FOREIGN KEY (ulb_id, change_id) REFERENCES property_changes)`,
  // A revised return takes the place of the one before.
  `CREATE UNIQUE INDEX property_returns_open ON property_returns (ulb_id, property_id, fy) WHERE status = 'filed'`,
  'CREATE INDEX property_returns_property ON property_returns (ulb_id, property_id, id)',
  ...secureTable('property_returns', 'SELECT, INSERT, UPDATE'),
];

const parts = (table: string, order: string) =>
  `(SELECT jsonb_agg(to_jsonb(x) - 'ulb_id' ORDER BY ${order}) FROM ${table} x
      WHERE x.ulb_id = p.ulb_id AND x.property_id = p.id)`;

const known = [
  // The property as one document, in the shape of property_history.record: all its units, owners and parcels with the
  // days for which they hold, as the roll had recorded them at an instant. NULL where it was not on the roll yet.
  `CREATE FUNCTION property_record(ulb int, property uuid, known_at timestamptz)
     RETURNS TABLE (version int, recorded_at timestamptz, record jsonb) LANGUAGE sql STABLE AS $$
     SELECT h.version, h.recorded_at, h.record FROM property_history h
       WHERE h.ulb_id = $1 AND h.property_id = $2 AND h.recorded_at <= $3 AND h.ended_at > $3
     UNION ALL
     SELECT p.version, p.recorded_at, jsonb_build_object('property', to_jsonb(p) - 'ulb_id',
         'units', ${parts('units', 'x.unit_no, x.effective')},
         'owners', ${parts('owners', 'x.owner_no, x.effective')},
         'parcels', ${parts('property_parcels', 'x.parcel_id')})
       FROM properties p WHERE p.ulb_id = $1 AND p.id = $2 AND p.recorded_at <= $3
     ORDER BY 1 DESC LIMIT 1 $$`,
];
