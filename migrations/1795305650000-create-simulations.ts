import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** Simulations: two tariffs over one roll, side by side. They post nothing and assess nothing. */
export class CreateSimulations1795305650000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...simulations, ...reckoned]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const simulations = [
  `CREATE TABLE simulations (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     fy smallint NOT NULL CHECK (fy BETWEEN 1950 AND 2200), effective_on date NOT NULL, ward_numbers text[],
     status text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed', 'cancelled')),
     -- Each side: digest, title, the installed file it rests on, the values changed in it, its own text if not installed.
     present jsonb NOT NULL, proposed jsonb NOT NULL,
     roll_id uuid NOT NULL, properties int NOT NULL,
     chunks_done int NOT NULL DEFAULT 0, chunks_total int NOT NULL,
     result jsonb, map_counts int[], error text,
     created_by uuid, created_by_login text NOT NULL, created_at timestamptz NOT NULL,
     started_at timestamptz, finished_at timestamptz,
     PRIMARY KEY (ulb_id, id))`,
  'CREATE INDEX simulations_newest ON simulations (ulb_id, created_at)',
  ...secureTable('simulations', 'SELECT, INSERT, UPDATE, DELETE'),
];

/**
 * What is reckoned, kept while it is of use and made anew when it is gone: one row per chunk with arrays in the order
 * of the property's id. Rows of their own would cost more to write and to delete than the tax to reckon.
 */
const reckoned = [
  `CREATE UNLOGGED TABLE simulation_rolls (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     effective_on date NOT NULL, ward_numbers text[], fingerprint text NOT NULL,
     properties int NOT NULL, chunks int NOT NULL, used_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, id))`,
  ...secureTable('simulation_rolls', 'SELECT, INSERT, UPDATE, DELETE'),
  `CREATE UNLOGGED TABLE simulation_roll_chunks (
     ulb_id int NOT NULL REFERENCES ulbs, roll_id uuid NOT NULL, chunk_no int NOT NULL,
     property_ids uuid[] NOT NULL, ward_numbers text[] NOT NULL, uses text[] NOT NULL,
     PRIMARY KEY (ulb_id, roll_id, chunk_no))`,
  ...secureTable('simulation_roll_chunks', 'SELECT, INSERT, DELETE'),
  `CREATE UNLOGGED TABLE simulation_sides (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL, roll_id uuid NOT NULL,
     sha256 text NOT NULL, fy smallint NOT NULL, used_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, id), UNIQUE (ulb_id, roll_id, sha256, fy))`,
  ...secureTable('simulation_sides', 'SELECT, INSERT, UPDATE, DELETE'),
  // head_paise lies head by head: all of the first head, then all of the second. NULL where the property is an exception.
  `CREATE UNLOGGED TABLE simulation_side_chunks (
     ulb_id int NOT NULL REFERENCES ulbs, side_id uuid NOT NULL, chunk_no int NOT NULL,
     total_paise bigint[] NOT NULL, head_paise bigint[] NOT NULL, head_sums_paise bigint[] NOT NULL,
     exempt boolean[] NOT NULL, missing text[] NOT NULL,
     PRIMARY KEY (ulb_id, side_id, chunk_no))`,
  ...secureTable('simulation_side_chunks', 'SELECT, INSERT, DELETE'),
  // The map of change: the parcels that touch a cell, which is a tile of zoom 16.
  `CREATE UNLOGGED TABLE simulation_cells (
     ulb_id int NOT NULL REFERENCES ulbs, simulation_id uuid NOT NULL, x int NOT NULL, y int NOT NULL,
     tile_ids bigint[] NOT NULL, classes smallint[] NOT NULL, changes_paise bigint[] NOT NULL,
     PRIMARY KEY (ulb_id, simulation_id, x, y))`,
  ...secureTable('simulation_cells', 'SELECT, INSERT, DELETE'),
  // Arrays of numbers do not shrink enough to be worth packing and unpacking.
  ...['property_ids', 'ward_numbers', 'uses'].map(
    (column) => `ALTER TABLE simulation_roll_chunks ALTER ${column} SET STORAGE EXTERNAL`,
  ),
  ...['total_paise', 'head_paise', 'exempt', 'missing'].map(
    (column) => `ALTER TABLE simulation_side_chunks ALTER ${column} SET STORAGE EXTERNAL`,
  ),
];
