import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FindingRepository } from '../apps/api/src/discovery/finding/finding.repository.js';
import { MatchRepository } from '../apps/api/src/discovery/match/match.repository.js';
import { defaultSettings } from '../apps/api/src/discovery/run/settings.js';
import { type Context, type SqlValue, Tx } from '../apps/api/src/platform/database/tx.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from './support/database.js';
import { changesetId, origin, seedChangeset, seedParcels, sideDeg, stepDeg } from './support/map.js';

/** Under row-level security an index serves only what cannot leak: the plans are read as the application's own role. */
interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/** Keeps the plan of each statement, and runs it. */
class ExplainingTx extends Tx {
  readonly nodes: Plan[] = [];

  override async run(sql: string, values: readonly SqlValue[] = []): Promise<number> {
    await this.explain(sql, values);
    return super.run(sql, values);
  }

  override async bytes(sql: string, values: readonly SqlValue[] = []): Promise<Buffer | null> {
    await this.explain(sql, values);
    return super.bytes(sql, values);
  }

  private async explain(sql: string, values: readonly SqlValue[]): Promise<void> {
    const [row] = await this.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(`EXPLAIN (FORMAT JSON) ${sql}`, values);
    const collect = (plan: Plan): void => {
      this.nodes.push(plan);
      plan.Plans?.forEach(collect);
    };
    collect(row!['QUERY PLAN'][0]!.Plan);
  }
}

const count = 20_000;
const run = { id: '0199aaaa-0000-7000-8000-000000000001', settings: defaultSettings };
let db: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  await seedChangeset(db, 1);
  await seedParcels(db, 1, count, 200);
  await db.owner.query(
    `INSERT INTO buildings (ulb_id, id, changeset_id, recorded_at, building_no, ward_number, floors, geom)
     SELECT 1, md5('house' || i)::uuid, $1, '2026-04-01', i::text, (i % 7)::text, 1,
       ST_Multi(ST_MakeEnvelope(x + $2::float8 / 4, y + $2::float8 / 4, x + $2::float8 / 2, y + $2::float8 / 2, 4326))
     FROM generate_series(0, $3::int - 1) i, LATERAL (SELECT $4::float8 + (i % 200) * $6::float8 AS x,
       $5::float8 + (i / 200) * $6::float8 AS y) p`,
    [changesetId, sideDeg, count, origin.lon, origin.lat, stepDeg],
  );
  await db.owner.query(
    `INSERT INTO discovery_runs (ulb_id, id, fy, effective_on, settings, status, created_by_login, created_at)
     VALUES (1, $1, 2026, '2026-04-01', '{}', 'running', 'x', now())`,
    [run.id],
  );
  await db.owner.query('ANALYZE buildings, parcels');
}, 120_000);
afterAll(() => db?.drop());

async function plansOf(work: (tx: Tx) => Promise<unknown>): Promise<Plan[]> {
  return db.database.write(ctx, async (tx) => {
    const role = await tx.one<{ current_user: string }>('SELECT current_user');
    expect(role.current_user).toBe('jarib_app');
    const explaining = new ExplainingTx(ctx, tx.driver, null);
    await work(explaining);
    return explaining.nodes;
  });
}
const indexes = (plans: Plan[]) => plans.map((node) => node['Index Name']).filter(Boolean);
const scanned = (plans: Plan[]) =>
  plans.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']);

describe('footprints find their land', () => {
  it('by the spatial index of parcels, ward by ward', async () => {
    let linked = 0;
    const plans = await plansOf(async (tx) => {
      linked = await new MatchRepository().linkFootprints(tx, run, '3');
    });
    expect(linked).toBe(Math.floor((count - 3 + 6) / 7));
    expect(indexes(plans)).toEqual(expect.arrayContaining(['parcels_geom', 'buildings_ward']));
    expect(scanned(plans)).toEqual([]);
    const { rows } = await db.owner.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM discovery_footprints WHERE parcel_id IS NULL OR overlap < 1',
    );
    expect(rows[0]!.n).toBe(0);
  });
});

describe('tiles of findings are cut', () => {
  it('by their spatial index', async () => {
    await db.owner.query(
      `INSERT INTO findings (ulb_id, id, kind, subject, building_id, ward_number, fingerprint, evidence, fy, estimate,
         first_run_id, last_run_id, found_at, changed_at, geom)
       SELECT 1, md5('finding' || building_no)::uuid, 'area', 'building:' || id, id, ward_number, 'x', '{}', 2026, '{}', $1, $1,
         now(), now(), geom FROM buildings`,
      [run.id],
    );
    await db.owner.query('ANALYZE findings');
    const z = 17;
    const x = Math.floor(((origin.lon + 0.01 + 180) / 360) * 2 ** z);
    const sine = Math.sin(((origin.lat + 0.01) * Math.PI) / 180);
    const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z);
    let bytes = 0;
    const plans = await plansOf(async (tx) => {
      bytes = (await new FindingRepository().tile(tx, { z, x, y })).length;
    });
    expect(bytes).toBeGreaterThan(100);
    expect(indexes(plans)).toEqual(['findings_geom_3857']);
  });
});
