import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** Registered sales, by which the equity of the tax base is measured. */
export class CreateSales1795305641000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of sales) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const sales = [
  // A sale that is not at arm's length stays on record with the reason, and counts in no ratio.
  `CREATE TABLE sales (
     ulb_id int NOT NULL, id uuid NOT NULL, property_id uuid NOT NULL,
     sold_on date NOT NULL, price_paise bigint NOT NULL CHECK (price_paise > 0),
     document text COLLATE "C" NOT NULL, arms_length boolean NOT NULL, reason text,
     import_id uuid, recorded_by text NOT NULL, recorded_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, id), UNIQUE (ulb_id, document, property_id),
     CHECK (arms_length OR reason IS NOT NULL),
     FOREIGN KEY (ulb_id, property_id) REFERENCES properties)`,
  'CREATE INDEX sales_property ON sales (ulb_id, property_id, sold_on)',
  ...secureTable('sales', 'SELECT, INSERT, UPDATE'),
];
