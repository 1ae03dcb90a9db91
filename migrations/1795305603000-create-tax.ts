import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** Installed tariffs, assessment runs in chunks, assessments, and the ledger's postings. */
export class CreateTax1795305603000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tariffs, ...runs, ...assessments, ...ledger]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const tariffs = [
  `CREATE TABLE tariff_files (
     ulb_id int NOT NULL REFERENCES ulbs, sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
     kind text NOT NULL CHECK (kind IN ('assessment', 'collection')), body text NOT NULL,
     status text NOT NULL CHECK (status IN ('notified', 'sample')),
     title jsonb NOT NULL, law text NOT NULL,
     -- Assessment law holds for financial years (their first calendar year), collection law for days.
     fy_range int4range, in_force daterange, source text NOT NULL,
     installed_by text NOT NULL, installed_at timestamptz NOT NULL,
     CHECK ((kind = 'assessment') = (fy_range IS NOT NULL)), CHECK ((kind = 'collection') = (in_force IS NOT NULL)),
     PRIMARY KEY (ulb_id, sha256),
     CONSTRAINT tariff_files_one_a_year EXCLUDE USING gist (ulb_id WITH =, fy_range WITH &&),
     CONSTRAINT tariff_files_one_a_day EXCLUDE USING gist (ulb_id WITH =, in_force WITH &&))`,
  ...secureTable('tariff_files', 'SELECT, INSERT'),
];

const runs = [
  `CREATE TABLE assessment_runs (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     fy smallint NOT NULL CHECK (fy BETWEEN 1950 AND 2200), ward_numbers text[], effective_on date NOT NULL,
     tariff_sha256 text NOT NULL,
     status text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed', 'cancelled')),
     properties int NOT NULL DEFAULT 0, assessed int NOT NULL DEFAULT 0, exempt int NOT NULL DEFAULT 0,
     exceptions int NOT NULL DEFAULT 0, unchanged int NOT NULL DEFAULT 0,
     total_paise bigint NOT NULL DEFAULT 0, error text,
     map_breaks jsonb, -- classes of the tax map: bounds in paise per m2 of land, and the parcels of each
     created_by uuid, created_by_login text NOT NULL, created_at timestamptz NOT NULL,
     started_at timestamptz, finished_at timestamptz,
     PRIMARY KEY (ulb_id, id), FOREIGN KEY (ulb_id, tariff_sha256) REFERENCES tariff_files)`,
  // Two runs of one year at once would race for the same assessment numbers.
  `CREATE UNIQUE INDEX assessment_runs_open ON assessment_runs (ulb_id, fy) WHERE status IN ('pending', 'running')`,
  ...secureTable('assessment_runs', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE assessment_chunks (
     ulb_id int NOT NULL, run_id uuid NOT NULL, chunk_no int NOT NULL,
     first_property uuid NOT NULL, last_property uuid NOT NULL, properties int NOT NULL,
     status text NOT NULL CHECK (status IN ('pending', 'done')),
     assessed int, exempt int, exceptions int, unchanged int, total_paise bigint, finished_at timestamptz,
     PRIMARY KEY (ulb_id, run_id, chunk_no), FOREIGN KEY (ulb_id, run_id) REFERENCES assessment_runs)`,
  ...secureTable('assessment_chunks', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE assessment_exceptions (
     ulb_id int NOT NULL, run_id uuid NOT NULL, property_id uuid NOT NULL, reasons text[] NOT NULL,
     PRIMARY KEY (ulb_id, run_id, property_id), FOREIGN KEY (ulb_id, run_id) REFERENCES assessment_runs)`,
  ...secureTable('assessment_exceptions', 'SELECT, INSERT'),
];

const assessments = [
  // Never edited: a revision is a new assessment_no, and its demand is the difference.
  `CREATE TABLE assessments (
     ulb_id int NOT NULL, property_id uuid NOT NULL, fy smallint NOT NULL, assessment_no smallint NOT NULL,
     run_id uuid NOT NULL, tariff_sha256 text NOT NULL, effective_on date NOT NULL,
     ward_number text COLLATE "C", exempt boolean NOT NULL, total_paise bigint NOT NULL CHECK (total_paise >= 0),
     inputs json NOT NULL, steps json NOT NULL,
     PRIMARY KEY (ulb_id, property_id, fy, assessment_no))`,
  ...secureTable('assessments', 'SELECT, INSERT'),
  // What the tax map draws: derived, and made anew after each run of the year.
  `CREATE TABLE parcel_taxes (
     ulb_id int NOT NULL REFERENCES ulbs, fy smallint NOT NULL, parcel_id uuid NOT NULL,
     per_m2_paise numeric(18,4) NOT NULL, class smallint NOT NULL CHECK (class BETWEEN 0 AND 6),
     PRIMARY KEY (ulb_id, fy, parcel_id))`,
  ...secureTable('parcel_taxes', 'SELECT, INSERT, DELETE'),
  `CREATE TRIGGER assessments_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessments
     EXECUTE FUNCTION refuse_change()`,
];

const ledger = [
  `CREATE TABLE accounts (
     ulb_id int NOT NULL REFERENCES ulbs, code text COLLATE "C" NOT NULL,
     kind text NOT NULL CHECK (kind IN ('asset', 'liability', 'income', 'expense', 'equity')), title text NOT NULL,
     PRIMARY KEY (ulb_id, code))`,
  ...secureTable('accounts', 'SELECT, INSERT'),
  // One row is one balanced movement: the debit and the credit are the same amount, by construction.
  `CREATE TABLE postings (
     ulb_id int NOT NULL, property_id uuid NOT NULL, fy smallint NOT NULL,
     head text COLLATE "C" NOT NULL, instalment smallint NOT NULL,
     kind text COLLATE "C" NOT NULL CHECK (kind IN ('opening', 'demand', 'credit')), entry_no smallint NOT NULL,
     debit_account text COLLATE "C" NOT NULL, credit_account text COLLATE "C" NOT NULL,
     amount_paise bigint NOT NULL CHECK (amount_paise > 0),
     due_on date NOT NULL, posted_on date NOT NULL, source_id uuid NOT NULL,
     CHECK (debit_account <> credit_account),
     PRIMARY KEY (ulb_id, property_id, fy, head, instalment, kind, entry_no))`,
  ...secureTable('postings', 'SELECT, INSERT'),
  `CREATE TRIGGER postings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON postings
     EXECUTE FUNCTION refuse_change()`,
];
