import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseFeatureQuery } from '../../apps/api/src/map/features/feature-query.js';
import { FeaturesRepository } from '../../apps/api/src/map/features/features.repository.js';
import type { Layer } from '../../apps/api/src/map/layer.js';
import { LayersRepository } from '../../apps/api/src/map/layers.repository.js';
import { tileColumns } from '../../apps/api/src/map/readable.js';
import { TilesRepository } from '../../apps/api/src/map/tiles/tiles.repository.js';
import { type Context, type SqlValue, Tx } from '../../apps/api/src/platform/database/tx.js';
import { UlbsRepository } from '../../apps/api/src/ulbs/ulbs.repository.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { changesetId, idOf, layers, origin, seedChangeset, seedParcels, stepDeg } from '../support/map.js';

/**
 * Row-level security lets an index be used only by operators that cannot leak. A statement that is written another way
 * still gives the right answer, a hundred times later: so the plans themselves are read, as the application's own role.
 */

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

/** Runs each statement and keeps the plan by which the application's role would run it. */
class ExplainingTx extends Tx {
  readonly nodes: Plan[] = [];

  override async rows<Row extends object>(sql: string, values: readonly SqlValue[] = []): Promise<Row[]> {
    await this.explain(sql, values);
    return super.rows<Row>(sql, values);
  }

  override async bytes(sql: string, values: readonly SqlValue[] = []): Promise<Buffer | null> {
    await this.explain(sql, values);
    return super.bytes(sql, values);
  }

  private async explain(sql: string, values: readonly SqlValue[]): Promise<void> {
    const [row] = await super.rows<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `EXPLAIN (FORMAT JSON) ${sql}`,
      values,
    );
    const collect = (plan: Plan): void => {
      this.nodes.push(plan);
      plan.Plans?.forEach(collect);
    };
    collect(row!['QUERY PLAN'][0]!.Plan);
  }
}

const parcelCount = 60_000;
const perRow = 300;
let db: TestDatabase;
let ctx: Context;
const parcels: Layer = layers.find(({ name }) => name === 'parcels')!;
const parcelsView = { layer: parcels, columns: parcels.columns };

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1, 'pune');
  await createTestUlb(db, 2, 'bhopal');
  for (const ulbId of [1, 2]) await seedChangeset(db, ulbId);
  await seedParcels(db, 1, parcelCount, perRow);
  await db.owner.query(
    `INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, parcel_no, geom)
     SELECT 2, md5('other' || id)::uuid, changeset_id, recorded_at, parcel_no, geom FROM parcels LIMIT 20000`,
  );
  await db.owner.query(
    `INSERT INTO parcels_history
     SELECT p.*, $1::uuid, '2026-05-01T00:00:00Z' FROM parcels p WHERE ulb_id = 1 AND parcel_no::int % 3 = 0`,
    [changesetId],
  );
  // Wards of 10 x 10 parcels, in force one after the other.
  await db.owner.query(
    `INSERT INTO wards (ulb_id, id, changeset_id, recorded_at, number, effective, geom)
     SELECT 1, gen_random_uuid(), $1, '2026-04-01', i::text, span, ST_Multi(ST_MakeEnvelope(
       $2::float8 + (i % 30) * $4::float8, $3::float8 + (i / 30) * $4::float8,
       $2::float8 + (i % 30 + 1) * $4::float8, $3::float8 + (i / 30 + 1) * $4::float8, 4326))
     FROM generate_series(0, 599) i,
       (VALUES (daterange('2012-01-01', '2022-07-14')), (daterange('2022-07-14', NULL))) AS s (span)`,
    [changesetId, origin.lon, origin.lat, 10 * stepDeg],
  );
  await db.owner.query('ANALYZE parcels, parcels_history, wards');
}, 300_000);

afterAll(() => db.drop());

/** The plans of what `work` asks for, as the application's role in the municipality. */
async function plansOf(work: (tx: Tx) => Promise<unknown>): Promise<Plan[]> {
  return db.database.read(ctx, async (tx) => {
    const role = await tx.one<{ current_user: string }>('SELECT current_user');
    expect(role.current_user).toBe('jarib_app');
    const explaining = new ExplainingTx(ctx, tx.driver, null);
    await work(explaining);
    return explaining.nodes;
  });
}

/** Names of the indexes that a plan reads through a condition on boxes. */
const boxIndexes = (plans: Plan[]) =>
  plans.filter((node) => node['Index Cond']?.includes('&&')).map((node) => node['Index Name']);
const indexes = (plans: Plan[]) => plans.map((node) => node['Index Name']).filter(Boolean);
/** Tables that are read from end to end. */
const scanned = (plans: Plan[]) =>
  plans.filter((node) => node['Node Type'] === 'Seq Scan').map((node) => node['Relation Name']);

const box = (columns: number, rows: number) =>
  [origin.lon, origin.lat, origin.lon + columns * stepDeg, origin.lat + rows * stepDeg].join(',');
const queryOf = (raw: Record<string, string>) => parseFeatureQuery(parcels, parcels.columns, raw);
const page = (raw: Record<string, string>) =>
  plansOf((tx) => new FeaturesRepository().page(tx, parcelsView, queryOf(raw), 101));

describe('features are found', () => {
  it('in a box by its spatial index, on the first page and on every other', async () => {
    const first = await page({ bbox: box(20, 20) });
    expect(boxIndexes(first)).toContain('parcels_geom');
    expect(scanned(first)).toEqual([]);
    const next = await page({ bbox: box(20, 20), after: `${idOf('parcel', 5)}.400` });
    expect(boxIndexes(next)).toContain('parcels_geom');
    expect(scanned(next)).toEqual([]);
  });

  it('in a box as large as the town by walking the key, once the first page has counted', async () => {
    const next = await page({ bbox: box(300, 200), after: `${idOf('parcel', 5)}.${parcelCount}` });
    expect(indexes(next)).toContain('parcels_pkey');
    expect(boxIndexes(next)).toEqual([]);
    expect(scanned(next)).toEqual([]);
  });

  it('in a box as it was recorded by the spatial indexes of both tables', async () => {
    const then = await page({ bbox: box(20, 20), datetime: '2026-04-15' });
    expect(new Set(boxIndexes(then))).toEqual(new Set(['parcels_geom', 'parcels_history_geom']));
    expect(scanned(then)).toEqual([]);
  });

  it('by their number by its index, and one by one by the key', async () => {
    const numbered = await page({ parcel_no: '127' });
    expect(indexes(numbered)).toContain('parcels_parcel_no');
    expect(scanned(numbered)).toEqual([]);
    const one = await plansOf((tx) =>
      new FeaturesRepository().item(tx, parcelsView, idOf('parcel', 5), null),
    );
    expect(indexes(one)).toEqual(['parcels_pkey']);
    const clicked = await plansOf((tx) => new LayersRepository().byTileId(tx, parcelsView, '12345'));
    expect(indexes(clicked)).toEqual(['parcels_tile_id']);
    const versions = await plansOf((tx) =>
      new LayersRepository().versions(tx, parcelsView, idOf('parcel', 5), 10),
    );
    expect(indexes(versions)).toEqual(expect.arrayContaining(['parcels_pkey', 'parcels_history_pkey']));
  });
});

describe('tiles are cut', () => {
  it.each([14, 15, 16, 17, 18])('by the spatial index at zoom %i', async (z) => {
    const x = Math.floor(((origin.lon + 0.01 + 180) / 360) * 2 ** z);
    const sine = Math.sin(((origin.lat + 0.01) * Math.PI) / 180);
    const y = Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z);
    let bytes = 0;
    const plans = await plansOf(async (tx) => {
      const tile = await new TilesRepository().tile(
        tx,
        { layer: parcels, columns: tileColumns(parcels, z) },
        { z, x, y },
        '',
      );
      bytes = tile.length;
    });
    expect(bytes).toBeGreaterThan(0);
    // A tile that holds most of the town may be read from end to end: there is nothing to skip.
    if (z > 14) {
      expect(boxIndexes(plans)).toEqual(['parcels_geom']);
      expect(scanned(plans)).toEqual([]);
    }
  });
});

describe('a place finds its ward, and a ward its parcels', () => {
  it('by the spatial index of wards', async () => {
    const plans = await plansOf(async (tx) => {
      const ward = await new UlbsRepository().wardAt(
        tx,
        origin.lon + 0.0001,
        origin.lat + 0.0001,
        '2020-01-01',
      );
      expect(ward?.number).toBe('0');
    });
    expect(boxIndexes(plans)).toEqual(['wards_geom']);
  });

  it('by the spatial index of parcels', async () => {
    const plans = await plansOf(async (tx) => {
      const row = await tx.one<{ count: string }>(
        `SELECT count(*) FROM wards w JOIN parcels p ON p.geom && w.geom AND ST_Intersects(w.geom, p.geom)
         WHERE w.number = '7' AND w.effective @> '2026-01-01'::date`,
      );
      expect(Number(row.count)).toBeGreaterThan(99);
    });
    expect(boxIndexes(plans)).toEqual(['parcels_geom']);
  });
});

describe('this test', () => {
  it('fails where the index cannot be used', async () => {
    await db.owner.query('ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF');
    try {
      expect(boxIndexes(await page({ bbox: box(20, 20) }))).toEqual([]);
    } finally {
      await db.owner.query('ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF');
    }
  });

  it('and a statement by ST_Intersects alone scans', async () => {
    const plans = await plansOf((tx) =>
      tx.rows(
        'SELECT id FROM parcels WHERE ST_Intersects(geom, ST_MakeEnvelope(73.8, 18.5, 73.801, 18.501, 4326))',
      ),
    );
    expect(boxIndexes(plans)).toEqual([]);
  });
});
