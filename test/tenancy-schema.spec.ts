import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueryResultRow } from 'pg';
import { createTestDatabase, type TestDatabase } from './support/database.js';

/** What keeps municipalities apart stands in the catalogue, so the catalogue is asked: for every table there is. */
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db?.drop());

const catalogue = async <T extends QueryResultRow>(sql: string) => (await db.owner.query<T>(sql)).rows;

/** Tables and views without a municipality's rows, and what the application may do with each. */
const shared: Record<string, string> = {
  ulbs: 'SELECT',
  migrations: 'SELECT',
  spatial_ref_sys: 'SELECT',
  geometry_columns: 'SELECT',
  geography_columns: 'SELECT',
};
const appendOnly = [
  'assessment_rebates',
  'assessments',
  'audit_chain',
  'audit_log',
  'finding_events',
  'postings',
  'property_history',
];
const layers = ['buildings', 'parcels', 'poles', 'road_nodes', 'roads', 'streetlights', 'wards', 'zones'];
const refusing = [...appendOnly, ...layers.map((layer) => `${layer}_history`)].sort();

/** Everything that the application may do. Who adds a table writes here what it may do with it, and no more. */
const privileges: Record<string, string> = {
  accounts: 'INSERT SELECT',
  api_tokens: 'INSERT SELECT UPDATE',
  assessment_chunks: 'INSERT SELECT UPDATE',
  assessment_exceptions: 'INSERT SELECT',
  assessment_rebates: 'INSERT SELECT',
  assessment_runs: 'INSERT SELECT UPDATE',
  changesets: 'INSERT SELECT UPDATE',
  discovery_accounts: 'DELETE INSERT SELECT UPDATE',
  discovery_footprints: 'DELETE INSERT SELECT UPDATE',
  discovery_groups: 'DELETE INSERT SELECT',
  discovery_runs: 'INSERT SELECT UPDATE',
  discovery_settings: 'INSERT SELECT UPDATE',
  discovery_wards: 'INSERT SELECT UPDATE',
  findings: 'INSERT SELECT UPDATE',
  import_report_rows: 'INSERT SELECT',
  imports: 'INSERT SELECT UPDATE',
  jobs: 'DELETE INSERT SELECT UPDATE',
  map_issues: 'INSERT SELECT UPDATE',
  owners: 'DELETE INSERT SELECT UPDATE',
  parcel_taxes: 'DELETE INSERT SELECT',
  properties: 'INSERT SELECT UPDATE',
  property_aliases: 'DELETE INSERT SELECT',
  property_change_batches: 'INSERT SELECT UPDATE',
  property_changes: 'INSERT SELECT UPDATE',
  property_parcels: 'DELETE INSERT SELECT',
  property_returns: 'INSERT SELECT UPDATE',
  sales: 'INSERT SELECT UPDATE',
  search_terms: 'DELETE INSERT SELECT',
  sessions: 'DELETE INSERT SELECT UPDATE',
  survey_tasks: 'INSERT SELECT UPDATE',
  simulation_cells: 'DELETE INSERT SELECT',
  simulation_roll_chunks: 'DELETE INSERT SELECT',
  simulation_rolls: 'DELETE INSERT SELECT UPDATE',
  simulation_side_chunks: 'DELETE INSERT SELECT',
  simulation_sides: 'DELETE INSERT SELECT UPDATE',
  simulations: 'DELETE INSERT SELECT UPDATE',
  tariff_files: 'INSERT SELECT UPDATE',
  tariff_proposals: 'INSERT SELECT UPDATE',
  units: 'DELETE INSERT SELECT UPDATE',
  users: 'INSERT SELECT UPDATE',
  ...shared,
  ...Object.fromEntries(refusing.map((table) => [table, 'INSERT SELECT'])),
  ...Object.fromEntries(layers.map((layer) => [layer, 'DELETE INSERT SELECT UPDATE'])),
};

const ours = `c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND c.relname NOT IN (${Object.keys(shared).map((table) => `'${table}'`)})`;
const names = (rows: { name: string }[]) => rows.map(({ name }) => name).sort();

describe('every table of a municipality', () => {
  it('is one of those listed here', async () => {
    const tables = names(await catalogue(`SELECT relname AS name FROM pg_class c WHERE ${ours}`));
    expect(tables).toEqual(
      Object.keys(privileges)
        .filter((table) => !(table in shared))
        .sort(),
    );
  });

  it('has ulb_id, never null', async () => {
    const without = await catalogue(
      `SELECT relname FROM pg_class c WHERE ${ours} AND NOT EXISTS (SELECT FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attname = 'ulb_id' AND a.attnotnull AND a.atttypid = 'int'::regtype)`,
    );
    expect(without).toEqual([]);
  });

  it('has row-level security, forced upon the owner too', async () => {
    const open = await catalogue(
      `SELECT relname FROM pg_class c WHERE ${ours} AND NOT (relrowsecurity AND relforcerowsecurity)`,
    );
    expect(open).toEqual([]);
  });

  it('has one policy, the same for reading and writing, for everybody', async () => {
    const own = "(ulb_id = (NULLIF(current_setting('jarib.ulb_id'::text, true), ''::text))::integer)";
    const policies = await catalogue<{ name: string; policies: string[] }>(
      `SELECT c.relname AS name, array_agg(concat_ws(' | ', polcmd, polpermissive, polroles::text,
         pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid))) AS policies
       FROM pg_class c LEFT JOIN pg_policy p ON p.polrelid = c.oid WHERE ${ours} GROUP BY 1`,
    );
    expect(policies.length).toBeGreaterThan(30);
    const expected = [`* | t | {0} | ${own} | ${own}`];
    expect(policies.filter((table) => table.policies.join() !== expected.join())).toEqual([]);
  });

  it('has keys and indexes that begin with ulb_id', async () => {
    const keys = await catalogue(
      `SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       WHERE ${ours} AND contype IN ('p', 'u', 'f', 'x') AND conkey[1] IS DISTINCT FROM
         (SELECT attnum FROM pg_attribute WHERE attrelid = c.oid AND attname = 'ulb_id')`,
    );
    expect(keys).toEqual([]);
    const indexes = await catalogue(
      `SELECT x.indexrelid::regclass::text AS name FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
       WHERE ${ours} AND x.indkey[0] IS DISTINCT FROM
         (SELECT attnum FROM pg_attribute WHERE attrelid = c.oid AND attname = 'ulb_id')`,
    );
    expect(indexes).toEqual([]);
  });

  it('refers to rows of its own municipality only: ulb_id to ulb_id', async () => {
    const across = await catalogue(
      `SELECT conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       WHERE ${ours} AND contype = 'f' AND confkey[1] IS DISTINCT FROM
         (SELECT attnum FROM pg_attribute WHERE attrelid = confrelid AND attname = 'ulb_id')`,
    );
    expect(across).toEqual([]);
  });

  it('has a primary key', async () => {
    const without = await catalogue(
      `SELECT relname FROM pg_class c WHERE ${ours}
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p')`,
    );
    expect(without).toEqual([]);
  });

  it('that is append only refuses change, removal and emptying for every statement', async () => {
    const found = await catalogue<{ name: string; definition: string }>(
      `SELECT c.relname AS name, pg_get_triggerdef(t.oid) AS definition FROM pg_trigger t
       JOIN pg_class c ON c.oid = t.tgrelid
       WHERE t.tgfoid = 'refuse_change'::regproc AND t.tgenabled = 'O' ORDER BY 1`,
    );
    expect(names(found)).toEqual(refusing);
    const whole = /BEFORE DELETE OR UPDATE OR TRUNCATE ON .* FOR EACH STATEMENT/;
    expect(found.filter(({ definition }) => !whole.test(definition))).toEqual([]);
  });
});

describe('the role of the application', () => {
  it('may neither pass policies nor become somebody who may', async () => {
    const roles = await catalogue(
      `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,
         EXISTS (SELECT FROM pg_auth_members WHERE member = r.oid) AS member
       FROM pg_roles r WHERE rolname = 'jarib_app'`,
    );
    const no = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false };
    expect(roles).toEqual([{ ...no, rolreplication: false, member: false }]);
  });

  it('owns nothing and may create nothing', async () => {
    const owned = await catalogue(
      `SELECT classid::regclass, objid FROM pg_shdepend
       WHERE refobjid = 'jarib_app'::regrole AND deptype = 'o' AND dbid = (SELECT oid FROM pg_database
         WHERE datname = current_database())`,
    );
    expect(owned).toEqual([]);
    const [may] = await catalogue(`SELECT has_schema_privilege('jarib_app', 'public', 'CREATE') AS "create"`);
    expect(may).toEqual({ create: false });
  });

  it('holds the privileges listed here and no other', async () => {
    const held = await catalogue<{ name: string; held: string }>(
      `SELECT c.relname AS name, string_agg(p, ' ' ORDER BY p) AS held FROM pg_class c,
         unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p
       WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
         AND has_table_privilege('jarib_app', c.oid, p) GROUP BY 1`,
    );
    expect(Object.fromEntries(held.map((row) => [row.name, row.held]))).toEqual(privileges);
    expect(
      await catalogue(
        `SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL`,
      ),
    ).toEqual([]);
  });
});

describe('functions', () => {
  it('run as their caller, but for two that tell no row: due jobs by number and name, and fresh statistics', async () => {
    const definer = await catalogue<{ name: string; result: string; config: string[]; granted: string }>(
      `SELECT proname AS name, pg_get_function_result(oid) AS result, proconfig AS config, proacl::text AS granted
       FROM pg_proc p WHERE prosecdef AND pronamespace = 'public'::regnamespace AND NOT EXISTS
         (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')`,
    );
    expect(Object.fromEntries(definer.map(({ name, result }) => [name, result]))).toEqual({
      jobs_due: 'TABLE(ulb_id integer, id uuid, queue text, name text)',
      analyze_table: 'void',
    });
    for (const { config, granted } of definer) {
      expect(config).toEqual(['search_path=public, pg_temp']);
      // An entry that begins with "=" would be a grant to everybody.
      expect(granted).not.toMatch(/[{,]=/);
      expect(granted).toContain('jarib_app=X/');
    }
  });

  it('of PostGIS: the box test may look past the policy, as the index needs, and no other may', async () => {
    const leakproof = await catalogue<{ name: string }>(
      `SELECT DISTINCT p.oid::regprocedure::text AS name FROM pg_proc p
       JOIN pg_depend d ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'
       JOIN pg_extension e ON e.oid = d.refobjid WHERE e.extname = 'postgis' AND p.proleakproof`,
    );
    expect(names(leakproof)).toEqual(['geometry_overlaps(geometry,geometry)']);
  });
});
