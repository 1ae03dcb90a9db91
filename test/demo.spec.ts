import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demoRepository } from '../apps/api/src/demo/demo.repository.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import { demoTown, generateTown } from '../geodata/town.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from './support/database.js';

let db: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 3);
  await db.owner.query('UPDATE ulbs SET utm_srid = 32644 WHERE ulb_id = 3');
  await db.database.write(ctx, async (tx) => {
    await demoRepository.stage(tx);
    const town = { seed: 7, properties: 2_000, ulbId: 3, origin: demoTown.origin, today: '2026-04-01' };
    for (const chunk of generateTown(town)) await demoRepository.copy(tx, chunk);
    await demoRepository.insert(tx);
  });
});

afterAll(() => db.drop());

const number = async (sql: string) => Number((await db.owner.query(`SELECT (${sql}) AS n`)).rows[0].n);

describe('the demo town of 2,000 properties in the database', () => {
  it('is complete, and seen by its own municipality alone', async () => {
    const count = (as: Context) =>
      db.database.read(as, (tx) => tx.one('SELECT count(*)::int AS n FROM properties'));
    expect(await count(ctx)).toEqual({ n: 2_000 });
    expect(await count(await createTestUlb(db, 4))).toEqual({ n: 0 });
    expect(await number('SELECT count(*) FROM wards')).toBe(10);
    expect(await number('SELECT count(*) FROM zones')).toBe(4);
  });

  it('has no two parcels that overlap', async () => {
    const overlaps = await db.owner.query(`
      SELECT a.parcel_no, b.parcel_no AS other, ST_Area(ST_Intersection(a.geom, b.geom)::geography) AS m2
      FROM parcels a JOIN parcels b ON a.id < b.id AND a.geom && b.geom
      WHERE ST_Relate(a.geom, b.geom, '2********') 
        AND ST_Area(ST_Intersection(a.geom, b.geom)::geography) > 0.001`);
    expect(overlaps.rows).toEqual([]);
  });

  it('leaves no gap between the plots of a block, and neighbours share corners to the last bit', async () => {
    // What is left of a block's union when its plots are put together is one piece without holes.
    const holes = await number(`
      SELECT coalesce(sum(ST_NumInteriorRings(geom)), 0) FROM
        (SELECT (ST_Dump(ST_Union(geom))).geom FROM parcels WHERE land_use <> 'water') AS blocks`);
    expect(holes).toBe(0);
    const shared = await number(`
      SELECT count(*) FROM (SELECT 1 FROM parcels, ST_DumpPoints(geom) AS p
        GROUP BY ST_AsBinary(p.geom) HAVING count(DISTINCT id) > 1) AS corners`);
    expect(shared).toBeGreaterThan(2_000);
  });

  it('has every building inside its parcel', async () => {
    expect(await number('SELECT count(*) FROM buildings')).toBeGreaterThan(1_500);
    const outside = await number(`
      SELECT count(*) FROM buildings b
      WHERE NOT EXISTS (SELECT FROM parcels p WHERE p.geom && b.geom AND ST_Covers(p.geom, b.geom)
        AND 'B-' || p.parcel_no = b.building_no)`);
    expect(outside).toBe(0);
  });

  it('has every parcel but the river inside its ward, and wards that do not overlap', async () => {
    const outside = await number(`
      SELECT count(*) FROM parcels p WHERE p.parcel_no <> 'NADI-1' AND NOT EXISTS
        (SELECT FROM wards w WHERE w.number = p.ward_number AND ST_Covers(w.geom, p.geom))`);
    expect(outside).toBe(0);
    const overlapping = await number(`
      SELECT count(*) FROM wards a JOIN wards b ON a.id < b.id AND ST_Relate(a.geom, b.geom, '2********')`);
    expect(overlapping).toBe(0);
    const zoned = await number(`
      SELECT round(max(abs(z.area_m2 - w.area_m2)), 1) FROM zones z JOIN
        (SELECT zone_number, sum(area_m2) AS area_m2 FROM wards GROUP BY 1) w ON w.zone_number = z.number`);
    expect(zoned).toBeLessThan(1);
  });

  it('has every end of a road at its node', async () => {
    const loose = await number(`
      SELECT count(*) FROM roads r
      LEFT JOIN road_nodes a ON a.node_no = r.from_node LEFT JOIN road_nodes b ON b.node_no = r.to_node
      WHERE a.geom IS NULL OR b.geom IS NULL OR NOT ST_Equals(ST_StartPoint(r.geom), a.geom)
        OR NOT ST_Equals(ST_EndPoint(r.geom), b.geom)`);
    expect(loose).toBe(0);
    expect(await number('SELECT count(*) FROM roads')).toBeGreaterThan(200);
  });

  it('has one network of roads, over the bridge too', async () => {
    const parts = await number(`
      WITH RECURSIVE links AS (SELECT from_node AS a, to_node AS b FROM roads
          UNION SELECT to_node, from_node FROM roads),
        reached(node) AS (SELECT min(from_node COLLATE "C") FROM roads
          UNION SELECT l.b FROM reached r JOIN links l ON l.a = r.node)
      SELECT count(*) FROM road_nodes n WHERE NOT EXISTS (SELECT FROM reached r WHERE r.node = n.node_no)`);
    expect(parts).toBe(0);
  });

  it('has each lamp on a pole and within 15 m of its road', async () => {
    const far = await number(`
      SELECT count(*) FROM streetlights l JOIN roads r USING (road_no)
      WHERE NOT ST_DWithin(l.geom::geography, r.geom::geography, 15)`);
    expect(far).toBe(0);
    expect(
      await number(`SELECT count(*) FROM streetlights l WHERE NOT EXISTS
      (SELECT FROM poles p WHERE p.pole_no = l.pole_no AND ST_Equals(p.geom, l.geom))`),
    ).toBe(0);
    expect(await number('SELECT count(*) FROM streetlights')).toBeGreaterThan(200);
  });

  it('has units with an area above nothing, but for the deliberate faults', async () => {
    expect(await number('SELECT count(*) FROM units WHERE area_m2 = 0')).toBe(0);
    expect(await number('SELECT count(*) FROM units WHERE area_m2 IS NULL')).toBeLessThan(10);
    expect(
      await number(`SELECT count(*) FROM properties p WHERE NOT EXISTS
      (SELECT FROM units u WHERE u.property_id = p.id)`),
    ).toBe(0);
  });

  it('has owners whose shares make one whole of each property', async () => {
    expect(
      await number(`SELECT count(*) FROM properties p WHERE
      (SELECT sum(share) FROM owners o WHERE o.property_id = p.id) IS DISTINCT FROM 1`),
    ).toBe(0);
  });

  it('has land under each property, or a reason', async () => {
    expect(
      await number(`SELECT count(*) FROM properties p WHERE (no_parcel_reason IS NULL) <>
      EXISTS (SELECT FROM property_parcels l WHERE l.property_id = p.id)`),
    ).toBe(0);
    expect(await number('SELECT count(*) FROM properties WHERE no_parcel_reason IS NOT NULL')).toBe(30);
    expect(
      await number(
        `SELECT max(n) FROM (SELECT count(*) AS n FROM property_parcels GROUP BY parcel_id) AS many`,
      ),
    ).toBeGreaterThan(5);
  });

  it('agrees with the ellipsoid on the area of a parcel', async () => {
    expect(
      await number(`SELECT max(abs(p.land_area_m2 - g.area_m2) / g.area_m2) FROM properties p
      JOIN property_parcels l ON l.property_id = p.id JOIN parcels g ON g.id = l.parcel_id
      WHERE (SELECT count(*) FROM property_parcels o WHERE o.parcel_id = g.id) = 1`),
    ).toBeLessThan(0.002);
  });
});
