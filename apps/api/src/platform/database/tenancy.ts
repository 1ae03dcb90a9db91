import pg from 'pg';
import type { Config } from '../config.js';

/** What would let one municipality see another, or the planner walk past its spatial index; an empty list is the proof. */
export async function tenancyFaults(config: Config): Promise<{ tables: number; faults: string[] }> {
  const client = new pg.Client({ connectionString: config.appUrl });
  await client.connect();
  try {
    const tables = (await client.query<{ name: string }>(tenantTables)).rows.map(({ name }) => name);
    const faults = (await client.query<{ fault: string }>(catalogueFaults)).rows.map(({ fault }) => fault);
    for (const name of tables) {
      // Asked as the application, with no municipality set: whatever comes back has leaked.
      const { rows } = await client.query<{ leaks: boolean }>(
        `SELECT EXISTS (SELECT FROM ${pg.escapeIdentifier(name)}) AS leaks`,
      );
      if (rows[0]?.leaks) faults.push(`${name} shows rows although no municipality is set`);
    }
    return { tables: tables.length, faults };
  } finally {
    await client.end();
  }
}

/** Every table that holds rows of municipalities; `ulbs` itself is the public list of them. */
const tenantTables = `
  SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'ulb_id' AND NOT a.attisdropped
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'ulbs' ORDER BY 1`;

const catalogueFaults = `
  SELECT 'role ' || rolname || ' may pass row-level security' AS fault FROM pg_roles
    WHERE rolname = current_user AND (rolsuper OR rolbypassrls)
  UNION ALL
  SELECT c.relname || ' does not force row-level security' FROM pg_class c
    WHERE c.relname IN (${tenantTables.replace(/ORDER BY 1$/, '')})
      AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
  UNION ALL
  SELECT t.name || ' has no policy of its own municipality' FROM (${tenantTables}) AS t
    WHERE NOT EXISTS (SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = t.name
      AND p.qual LIKE '%jarib.ulb_id%' AND p.with_check LIKE '%jarib.ulb_id%')
  UNION ALL
  SELECT p.tablename || ' has a second policy, ' || p.policyname FROM pg_policies p
    WHERE p.schemaname = 'public' AND p.policyname <> 'own_ulb'
  UNION ALL
  SELECT 'geometry_overlaps is not LEAKPROOF: a superuser must run jarib migrate, or box queries scan the city' FROM pg_proc
    WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure AND NOT proleakproof`;
