import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** Rebates that are given with the demand: kept with each assessment, posted at its publication, taken back when they lapse. */
export class CreateRebates1795305621000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const statements = [
  `ALTER TABLE assessment_runs
     -- The collection file in force on the run's day, and what each position of rebates_paise stands for.
     ADD collection_sha256 text, ADD rebate_charges jsonb, ADD rebate_paise bigint NOT NULL DEFAULT 0,
     -- When what was to lapse of its rebates was taken back.
     ADD lapsed_at timestamptz,
     ADD FOREIGN KEY (ulb_id, collection_sha256) REFERENCES tariff_files`,
  'ALTER TABLE assessment_chunks ADD rebate_paise bigint',
  `CREATE TABLE assessment_rebates (
     ulb_id int NOT NULL, property_id uuid NOT NULL, fy smallint NOT NULL, assessment_no smallint NOT NULL,
     run_id uuid NOT NULL, rebates_paise bigint[] NOT NULL,
     PRIMARY KEY (ulb_id, property_id, fy, assessment_no))`,
  ...secureTable('assessment_rebates', 'SELECT, INSERT'),
  `CREATE TRIGGER assessment_rebates_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON assessment_rebates
     EXECUTE FUNCTION refuse_change()`,
  // `rebate.<name>` takes from what is owed, `unrebate.<name>` (a revision) and `lapse.<name>` give it back.
  'ALTER TABLE postings DROP CONSTRAINT postings_kind_check',
  `ALTER TABLE postings ADD CONSTRAINT postings_kind_check CHECK (kind IN ('opening', 'demand', 'credit')
     OR kind ~ '^(rebate|unrebate|lapse)\\.[a-z][a-z0-9_]*$')`,
];
