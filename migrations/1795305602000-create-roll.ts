import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secureTable } from './support/secure-table.js';

/** The tax roll: properties with their units, owners, land and former numbers; and the index of search terms. */
export class CreateRoll1795305602000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...properties, ...parts, ...search]) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const properties = [
  `CREATE TABLE properties (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     number text COLLATE "C" NOT NULL,
     status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'retired')),
     source_key text COLLATE "C",
     ward_number text COLLATE "C", zone_number text COLLATE "C", category text,
     locality text, address text, address_local text,
     land_area_m2 numeric(14,4) CHECK (land_area_m2 >= 0),
     no_parcel_reason text CHECK (no_parcel_reason IN ('not_mapped', 'ambiguous_key', 'unknown_key', 'no_key', 'disputed')),
     facts jsonb NOT NULL DEFAULT '{}', -- what only a certain tariff asks
     version int NOT NULL DEFAULT 1, recorded_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, id), UNIQUE (ulb_id, number))`,
  'CREATE UNIQUE INDEX properties_source_key ON properties (ulb_id, source_key)',
  'CREATE INDEX properties_ward ON properties (ulb_id, ward_number, id)',
  ...secureTable('properties', 'SELECT, INSERT, UPDATE'),
  // Property numbers change with every reform; the old ones stay findable.
  `CREATE TABLE property_aliases (
     ulb_id int NOT NULL, alias text COLLATE "C" NOT NULL, property_id uuid NOT NULL,
     kind text NOT NULL CHECK (kind IN ('former_number', 'ulpin', 'state_id', 'source')),
     PRIMARY KEY (ulb_id, alias, kind, property_id), FOREIGN KEY (ulb_id, property_id) REFERENCES properties)`,
  ...secureTable('property_aliases', 'SELECT, INSERT, DELETE'),
  // A parcel may carry hundreds of properties, a property several parcels, or none with a reason.
  `CREATE TABLE property_parcels (
     ulb_id int NOT NULL, property_id uuid NOT NULL, parcel_id uuid NOT NULL,
     PRIMARY KEY (ulb_id, property_id, parcel_id), FOREIGN KEY (ulb_id, property_id) REFERENCES properties,
     FOREIGN KEY (ulb_id, parcel_id) REFERENCES parcels)`,
  'CREATE INDEX property_parcels_parcel ON property_parcels (ulb_id, parcel_id)',
  ...secureTable('property_parcels', 'SELECT, INSERT, DELETE'),
];

const parts = [
  `CREATE TABLE units (
     ulb_id int NOT NULL, property_id uuid NOT NULL, unit_no smallint NOT NULL CHECK (unit_no > 0),
     effective daterange NOT NULL CHECK (NOT isempty(effective)),
     floor text, use text, structure text, occupancy text,
     year_built smallint CHECK (year_built BETWEEN 1000 AND 2200),
     area_m2 numeric(14,4) CHECK (area_m2 >= 0), -- adopted: the only one that taxes
     declared_area_m2 numeric(14,4), measured_area_m2 numeric(14,4),
     capital_value numeric(18,2) CHECK (capital_value >= 0),
     facts jsonb NOT NULL DEFAULT '{}', recorded_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, property_id, unit_no, effective),
     FOREIGN KEY (ulb_id, property_id) REFERENCES properties,
     CONSTRAINT units_one_a_day EXCLUDE USING gist
       (ulb_id WITH =, property_id WITH =, unit_no WITH =, effective WITH &&))`,
  ...secureTable('units', 'SELECT, INSERT, UPDATE'),
  `CREATE TABLE owners (
     ulb_id int NOT NULL, property_id uuid NOT NULL, owner_no smallint NOT NULL CHECK (owner_no > 0),
     effective daterange NOT NULL CHECK (NOT isempty(effective)),
     name text NOT NULL, name_local text, mobile text,
     share numeric(9,8) NOT NULL DEFAULT 1 CHECK (share > 0 AND share <= 1), class text NOT NULL DEFAULT 'none',
     recorded_at timestamptz NOT NULL,
     PRIMARY KEY (ulb_id, property_id, owner_no, effective),
     FOREIGN KEY (ulb_id, property_id) REFERENCES properties,
     CONSTRAINT owners_one_a_day EXCLUDE USING gist
       (ulb_id WITH =, property_id WITH =, owner_no WITH =, effective WITH &&))`,
  ...secureTable('owners', 'SELECT, INSERT, UPDATE'),
  // What a later version replaced, as one document a version: the roll as recorded on any day.
  `CREATE TABLE property_history (
     ulb_id int NOT NULL, property_id uuid NOT NULL, version int NOT NULL,
     record jsonb NOT NULL, -- the property with its units, owners and parcels
     recorded_at timestamptz NOT NULL, ended_at timestamptz NOT NULL, ended_by text NOT NULL, reason text NOT NULL,
     PRIMARY KEY (ulb_id, property_id, version), FOREIGN KEY (ulb_id, property_id) REFERENCES properties)`,
  ...secureTable('property_history', 'SELECT, INSERT'),
  `CREATE TRIGGER property_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON property_history
     EXECUTE FUNCTION refuse_change()`,
];

const search = [
  // Terms compare by bytes: a prefix is then a range, which row-level security lets the index answer (LIKE it would not).
  `CREATE TABLE search_terms (
     ulb_id int NOT NULL REFERENCES ulbs, term text COLLATE "C" NOT NULL,
     noun text COLLATE "C" NOT NULL, noun_id uuid NOT NULL,
     PRIMARY KEY (ulb_id, noun, term, noun_id))`,
  'CREATE INDEX search_terms_noun ON search_terms (ulb_id, noun, noun_id)',
  ...secureTable('search_terms', 'SELECT, INSERT, DELETE'),
];
