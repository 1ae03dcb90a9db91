import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parcelLayers } from '../apps/api/src/parcels/parcels.layer.js';
import { roadLayers } from '../apps/api/src/roads/roads.layer.js';
import { streetlightLayers } from '../apps/api/src/streetlights/streetlights.layer.js';
import { ulbLayers } from '../apps/api/src/ulbs/ulbs.layer.js';
import { LayerRegistry } from '../apps/api/src/map/layer-registry.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import { SearchRepository } from '../apps/api/src/search/search.repository.js';
import { SearchService } from '../apps/api/src/search/search.service.js';
import { SearchIndex } from '../apps/api/src/search/search-index.repository.js';
import { person } from '../geodata/people.js';
import { Random } from '../geodata/random.js';
import { addProperties } from './support/assessment.js';
import { createTestDatabase, createTestUlb, testContext, type TestDatabase } from './support/database.js';

let db: TestDatabase;
let index: SearchIndex;
let service: SearchService;

beforeAll(async () => {
  db = await createTestDatabase();
  const registry = new LayerRegistry([...ulbLayers, ...parcelLayers, ...roadLayers, ...streetlightLayers]);
  index = new SearchIndex(registry);
  service = new SearchService(db.database, new SearchRepository(), index, registry);
});
afterAll(() => db.drop());

const skeletons = async (names: string[]) =>
  (
    await db.owner.query<{ s: string }>(
      'SELECT name_skeleton(n) AS s FROM unnest($1::text[]) WITH ORDINALITY AS t(n, i) ORDER BY i',
      [names],
    )
  ).rows.map((row) => row.s);

describe('the skeleton of a name', () => {
  it.each([
    [['त्रिपाठी', 'Tripathi', 'tripathy', 'TRIPATHI'], 'trpt'],
    [['सिंह', 'Singh', 'सिंघ'], 'sng'],
    [['श्रीवास्तव', 'Shrivastava', 'Srivastav', 'Śrīvāstava'], 'srvstv'],
    [['मोहम्मद', 'Mohammad', 'Mohd', 'Mohammed'], 'mhmd'],
    [['चंपा', 'चम्पा', 'Champa'], 'cnp'],
    [['प्रज्ञा', 'Pragya', 'Pradnya'], 'prg'],
    [['यादव', 'Yadav'], 'ydv'],
    [['लक्ष्मण', 'Laxman', 'Lakshman'], 'lksmn'],
    [['राव', 'Rao', 'Raav'], 'rv'],
    [['कृष्ण', 'Krishna', 'Krushna'], 'krsn'],
    [['ऐश्वर्या', 'Aishwarya'], 'asvr'],
    [['गुप्ता रामलाल', 'Gupta  Ramlal'], 'gpt rmll'],
  ])('of %j is one', async (names, skeleton) => {
    expect(await skeletons(names)).toEqual(names.map(() => skeleton));
  });
});

const refresh = (ctx: Context, ...nouns: string[]) =>
  db.database.write(ctx, async (tx) => {
    for (const noun of nouns) await index.refresh(tx, noun, 'all');
  });
const search = async (ctx: Context, q: string, limit = 50) =>
  (await service.search(ctx, { q, limit })).results;

/** Names as the demo town spells them: for each name in Devanagari, every way in which it was met in Latin letters. */
function spellings(): Map<string, Set<string>> {
  const random = new Random(11);
  const met = new Map<string, Set<string>>();
  for (let i = 0; i < 4_000; i += 1) {
    const { name, nameLocal } = person(random);
    const latin = name.split(' ');
    nameLocal
      .split(' ')
      .forEach((local, n) => met.set(local, (met.get(local) ?? new Set()).add(latin[n] ?? '')));
  }
  return met;
}

describe('search by name', () => {
  it('finds at least 95 of 100 names whatever the script and spelling of the roll and of the question', async () => {
    const ctx = await createTestUlb(db, 1);
    const names = [...spellings()];
    // Each name stands on the roll once in each way it can be written, and in that way alone.
    const written = names.flatMap(([local, latin]) => [local, ...latin].map((name) => ({ local, name })));
    const ids = await addProperties(
      db,
      ctx,
      written.map(({ name }, i) => ({ number: `P${i}`, ward: '1', units: [], owner: name })),
    );
    await refresh(ctx, 'owner');
    let asked = 0;
    const missed: string[] = [];
    for (const [local, latin] of names) {
      const wanted = written.flatMap((one, i) =>
        one.local === local ? [{ id: ids[i], name: one.name }] : [],
      );
      for (const q of [local, ...latin]) {
        const found = new Set((await search(ctx, q)).map((result) => result.id));
        for (const { id, name } of wanted) {
          asked += 1;
          if (!found.has(id ?? '')) missed.push(`${q} -> ${name}`);
        }
      }
    }
    const recall = 1 - missed.length / asked;
    process.stdout.write(
      `recall ${recall.toFixed(4)} of ${asked} questions over ${names.length} names; missed: ${missed.join(', ')}\n`,
    );
    expect(asked).toBeGreaterThan(1_000);
    expect(recall).toBeGreaterThanOrEqual(0.95);
  });
});

describe('an owner', () => {
  let ctx: Context;
  let ids: string[];
  beforeAll(async () => {
    ctx = await createTestUlb(db, 2);
    const owned = (number: string, ward: string, owner: string, ownerLocal: string) => ({
      number,
      ward,
      units: [],
      owner,
      ownerLocal,
    });
    ids = await addProperties(db, ctx, [
      owned('W1-0001', '1', 'Ramkumar Tripathi', 'रामकुमार त्रिपाठी'),
      owned('W2-0002', '2', 'Sita Tripathy', 'सीता त्रिपाठी'),
      owned('W2-0003', '2', 'Ramesh Misra', 'रमेश मिश्रा'),
    ]);
    await refresh(ctx, 'owner', 'property');
  });

  it('is found by both names together, and shown masked', async () => {
    expect(await search(ctx, 'sita tripathi')).toEqual([
      expect.objectContaining({
        noun: 'owner',
        id: ids[1],
        propertyId: ids[1],
        title: 'S••• T•••••••',
        subtitle: 'W2-0002 · Ward 2',
      }),
    ]);
  });

  it('is found by a word begun, and by two words written as one', async () => {
    expect((await search(ctx, 'trip')).map((result) => result.id).sort()).toEqual([ids[0], ids[1]]);
    expect((await search(ctx, 'ram kumar tripathi')).map((result) => result.id)).toEqual([ids[0]]);
  });

  it('stands first where the spelling is just the one typed', async () => {
    expect((await search(ctx, 'Tripathy'))[0]?.id).toBe(ids[1]);
  });

  it('is not found without the permission to read owners, nor outside the own wards', async () => {
    const blind = testContext(ctx.ulbId, { permissions: new Set(['layers:read', 'roll:read']) });
    expect(await search(blind, 'tripathi')).toEqual([]);
    const officer = testContext(ctx.ulbId, { wardNumbers: ['1'] });
    expect((await search(officer, 'tripathi')).map((result) => result.id)).toEqual([ids[0]]);
  });

  it('is not found by another municipality', async () => {
    expect(await search(testContext(3), 'tripathi')).toEqual([]);
  });

  it('is found by the new name alone after a refresh of the property', async () => {
    await db.owner.query(
      "UPDATE owners SET name = 'Zakir', name_local = NULL WHERE ulb_id = $1 AND property_id = $2",
      [ctx.ulbId, ids[2]],
    );
    await db.database.write(ctx, (tx) => index.refresh(tx, 'owner', [ids[2] as string]));
    expect(await search(ctx, 'misra')).toEqual([]);
    expect((await search(ctx, 'jakir')).map((result) => result.id)).toEqual([ids[2]]);
  });

  it('is never asked for with a pattern: what is typed is text', async () => {
    expect(await search(ctx, "%' OR 1=1 --")).toEqual([]);
  });
});

describe('a number', () => {
  it('finds its property however it is punctuated, by its beginning, and by its former number', async () => {
    const ctx = await createTestUlb(db, 4);
    const [id] = await addProperties(db, ctx, [{ number: 'W-12/0034', ward: '12', units: [] }]);
    await db.owner.query("INSERT INTO property_aliases VALUES ($1, 'OLD 77', $2, 'former_number')", [
      ctx.ulbId,
      id,
    ]);
    await refresh(ctx, 'property');
    for (const q of ['W-12/0034', 'w120034', 'W12', 'old-77', 'w-१२/००३४']) {
      expect((await search(ctx, q)).map((result) => result.propertyId)).toEqual([id]);
    }
  });
});

describe('a road', () => {
  it('is found by its name in either script, with the place where it lies', async () => {
    const ctx = await createTestUlb(db, 5);
    await db.owner.query(
      `WITH c AS (INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
         VALUES (5, gen_random_uuid(), 'import', 'applied', 'x', 'x', now(), now()) RETURNING id)
       INSERT INTO roads (ulb_id, id, changeset_id, recorded_at, road_no, name, name_local, geom)
       SELECT 5, gen_random_uuid(), id, now(), 'R-7', 'Jawahar Marg', 'जवाहर मार्ग',
         ST_SetSRID('LINESTRING(78.7 23.8, 78.71 23.8)'::geometry, 4326) FROM c`,
    );
    await refresh(ctx, 'roads');
    for (const q of ['javahar', 'जवाहर मार्ग', 'r7', 'jawahar marg']) {
      const [road] = await search(ctx, q);
      expect(road).toMatchObject({
        noun: 'road',
        layer: 'roads',
        title: 'Jawahar Marg',
        subtitle: 'जवाहर मार्ग · R-7',
      });
      expect(road?.center?.[1]).toBeCloseTo(23.8, 6);
    }
  });
});

describe('the index of terms', () => {
  it('answers a prefix as a range under row-level security', async () => {
    const ctx = await createTestUlb(db, 6);
    await db.owner.query(
      `INSERT INTO search_terms SELECT 6, '~' || md5(i::text), 'owner', gen_random_uuid() FROM generate_series(1, 20000) i`,
    );
    await db.owner.query('ANALYZE search_terms');
    const plan = await db.database.read(ctx, (tx) =>
      tx.rows<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT noun_id FROM search_terms t WHERE t.ulb_id = $1 AND noun = 'owner' AND term >= $2
         AND term < $2 || chr(1114111) ORDER BY term LIMIT 200`,
        [6, '~abc'],
      ),
    );
    const text = plan.map((row) => row['QUERY PLAN']).join('\n');
    expect(text).toMatch(/Index Cond:.*term >= .*term < /);
    expect(text).not.toMatch(/Seq Scan/);
  });
});
