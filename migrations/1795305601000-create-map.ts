import type { MigrationInterface, QueryRunner } from 'typeorm';
import { layerTable } from './support/layer-table.js';
import { secureTable } from './support/secure-table.js';

/** Changesets, imports and their reports, map issues, and the first layers with their histories. */
export class CreateMap1795305601000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [
      ...changesets,
      ...imports,
      ...issues,
      ...statistics,
      generatedColumns,
      ...layers,
    ]) {
      await runner.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error(
      'Migrations are forward only: restore a backup, or write a migration that mends this one.',
    );
  }
}

const changesets = [
  `CREATE TABLE changesets (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     kind text NOT NULL CHECK (kind IN ('edit', 'import')),
     status text NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'returned', 'applied')),
     layer text, comment text NOT NULL,
     created_by uuid, created_by_login text NOT NULL, created_at timestamptz NOT NULL,
     applied_at timestamptz, counts jsonb NOT NULL DEFAULT '{}',
     CHECK ((status = 'applied') = (applied_at IS NOT NULL)),
     PRIMARY KEY (ulb_id, id))`,
  ...secureTable('changesets', 'SELECT, INSERT, UPDATE'),
];

const imports = [
  `CREATE TABLE imports (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     layer text NOT NULL, file_name text NOT NULL, file_sha256 text NOT NULL, mapping jsonb NOT NULL,
     dry_run boolean NOT NULL, whole_file boolean NOT NULL, -- whole_file: one rejected row rejects all
     status text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed')),
     changeset_id uuid, counts jsonb NOT NULL DEFAULT '{}', error jsonb,
     created_by_login text NOT NULL, created_at timestamptz NOT NULL, finished_at timestamptz,
     PRIMARY KEY (ulb_id, id), FOREIGN KEY (ulb_id, changeset_id) REFERENCES changesets)`,
  ...secureTable('imports', 'SELECT, INSERT, UPDATE'),
  // Only rows with something to say: what was accepted as it came is a count, not a line.
  `CREATE TABLE import_report_rows (
     ulb_id int NOT NULL, import_id uuid NOT NULL, row_no int NOT NULL, line_no int NOT NULL,
     outcome text NOT NULL CHECK (outcome IN ('repaired', 'rejected', 'warned')),
     rule text NOT NULL, column_name text, value text, message text NOT NULL,
     place geometry(Point, 4326),
     PRIMARY KEY (ulb_id, import_id, row_no, line_no), FOREIGN KEY (ulb_id, import_id) REFERENCES imports)`,
  ...secureTable('import_report_rows', 'SELECT, INSERT'),
];

const issues = [
  `CREATE TABLE map_issues (
     ulb_id int NOT NULL REFERENCES ulbs, id uuid NOT NULL,
     layer text NOT NULL, rule text NOT NULL, severity text NOT NULL CHECK (severity IN ('error', 'warning')),
     feature_id uuid NOT NULL, other_id uuid, size numeric(16,4), size_unit text CHECK (size_unit IN ('m', 'm2')),
     message text NOT NULL, geom geometry(Geometry, 4326) NOT NULL,
     status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'solved', 'accepted')),
     changeset_id uuid NOT NULL, found_at timestamptz NOT NULL, ended_at timestamptz,
     PRIMARY KEY (ulb_id, id), FOREIGN KEY (ulb_id, changeset_id) REFERENCES changesets)`,
  `CREATE UNIQUE INDEX map_issues_open ON map_issues (ulb_id, layer, rule, feature_id, other_id)
     NULLS NOT DISTINCT WHERE status = 'open'`,
  'CREATE INDEX map_issues_geom ON map_issues USING gist (ulb_id, geom)',
  ...secureTable('map_issues', 'SELECT, INSERT, UPDATE'),
];

/**
 * TypeORM reads the expressions of generated columns from a table of this name, which it would fill itself. As a view of
 * the catalogue it cannot fall behind the tables, and it is right under any database name, also after a restore.
 */
const generatedColumns = `CREATE VIEW typeorm_metadata AS
  SELECT 'GENERATED_COLUMN'::text AS type, current_database()::text AS database, n.nspname::text AS schema,
         c.relname::text AS "table", a.attname::text AS name, pg_get_expr(d.adbin, d.adrelid) AS value
  FROM pg_attrdef d
  JOIN pg_attribute a ON (a.attrelid, a.attnum) = (d.adrelid, d.adnum)
  JOIN pg_class c ON c.oid = d.adrelid
  JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attgenerated = 's'`;

const statistics = [
  // Only an owner may ANALYZE, and a table just filled by an import has no statistics: the planner would then join it
  // by scans. It reads no row to the caller, and takes no name but that of a table of this schema.
  `CREATE FUNCTION analyze_table(name text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
     SET search_path = public, pg_temp AS $$ BEGIN
       EXECUTE format('ANALYZE public.%I', (SELECT relname FROM pg_class WHERE relname = name AND relkind = 'r'
         AND relnamespace = 'public'::regnamespace AND relrowsecurity));
     END $$`,
  'REVOKE ALL ON FUNCTION analyze_table(text) FROM PUBLIC',
  'GRANT EXECUTE ON FUNCTION analyze_table(text) TO jarib_app',
];

const named = ['name text', 'name_local text'];
/** A number may come back in another year with another boundary, but never twice on one day. */
const oneNumberADay = (table: string) =>
  `ALTER TABLE ${table} ADD CONSTRAINT ${table}_one_number_a_day
     EXCLUDE USING gist (ulb_id WITH =, number WITH =, effective WITH &&)`;

const layers = [
  ...layerTable({
    table: 'zones',
    geometry: 'MultiPolygon',
    effective: true,
    columns: ['number text COLLATE "C" NOT NULL', ...named],
  }),
  oneNumberADay('zones'),
  ...layerTable({
    table: 'wards',
    geometry: 'MultiPolygon',
    effective: true,
    columns: [
      'number text COLLATE "C" NOT NULL',
      ...named,
      'zone_number text COLLATE "C"',
      'population int CHECK (population >= 0)',
    ],
  }),
  oneNumberADay('wards'),
  ...layerTable({
    table: 'parcels',
    geometry: 'MultiPolygon',
    columns: [
      'parcel_no text COLLATE "C"',
      'ulpin text COLLATE "C" CHECK (ulpin ~ \'^[A-Z0-9]{14}$\')',
      'ward_number text COLLATE "C"',
      'locality text',
      'land_use text',
      'recorded_area_m2 numeric(14,3) CHECK (recorded_area_m2 >= 0)',
    ],
  }),
  // Not unique: real cadastres repeat a number, and "no number" is no number.
  'CREATE INDEX parcels_parcel_no ON parcels (ulb_id, parcel_no)',
  ...layerTable({
    table: 'buildings',
    geometry: 'MultiPolygon',
    columns: [
      'building_no text COLLATE "C"',
      ...named,
      'use text',
      'structure text',
      'floors smallint CHECK (floors BETWEEN 0 AND 200)',
      'height_m numeric(6,2)',
      'year_built smallint CHECK (year_built BETWEEN 1000 AND 2200)',
      'ward_number text COLLATE "C"',
    ],
  }),
  ...layerTable({
    table: 'poles',
    geometry: 'Point',
    columns: ['pole_no text COLLATE "C"', 'kind text', 'ward_number text COLLATE "C"'],
  }),
  ...layerTable({
    table: 'streetlights',
    geometry: 'Point',
    columns: [
      'pole_no text COLLATE "C"',
      'fixture_type text',
      'led boolean',
      'lamp_count smallint CHECK (lamp_count BETWEEN 0 AND 20)',
      'wattage_w int CHECK (wattage_w BETWEEN 0 AND 5000)',
      'owner text',
      'state text',
      'feeder_no text COLLATE "C"',
      'road_no text COLLATE "C"',
      'installed_on date',
      'ward_number text COLLATE "C"',
    ],
  }),
  ...layerTable({
    table: 'road_nodes',
    geometry: 'Point',
    columns: ['node_no text COLLATE "C"', 'name text'],
  }),
  ...layerTable({
    table: 'roads',
    geometry: 'LineString',
    columns: [
      'road_no text COLLATE "C"',
      ...named,
      'class text',
      "one_way text CHECK (one_way IN ('no', 'forward', 'backward'))",
      'width_m numeric(6,2) CHECK (width_m > 0)',
      'lanes smallint CHECK (lanes BETWEEN 1 AND 20)',
      'surface text',
      'from_node text COLLATE "C"',
      'to_node text COLLATE "C"',
    ],
  }),
];
