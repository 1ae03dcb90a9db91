import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { MultiPolygon } from 'geojson';
import type { DataSource } from 'typeorm';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../../../../test/support/database.js';
import { uuidV7 } from '../core/ids.js';
import { entities } from '../entities.js';
import { Changeset } from '../map/map.entity.js';
import { appDataSource } from '../platform/database/data-source.js';
import { Database } from '../platform/database/database.js';
import type { Context, Tx } from '../platform/database/tx.js';
import { Parcel } from './parcels.entity.js';

let db: TestDatabase;
let dataSource: DataSource;
let database: Database;
let first: Context;
let second: Context;

beforeAll(async () => {
  db = await createTestDatabase();
  first = await createTestUlb(db, 1);
  second = await createTestUlb(db, 2);
  dataSource = await appDataSource(db.config, entities).initialize();
  database = new Database(dataSource);
});

afterAll(async () => {
  if (dataSource?.isInitialized) await dataSource.destroy();
  await db?.drop();
});

/** A square of 0.0001 degrees at Sagar. */
const square: MultiPolygon = {
  type: 'MultiPolygon',
  coordinates: [
    [
      [
        [78.7, 23.8],
        [78.7001, 23.8],
        [78.7001, 23.8001],
        [78.7, 23.8001],
        [78.7, 23.8],
      ],
    ],
  ],
};

async function addParcel(tx: Tx, ulbId: number, geom: MultiPolygon): Promise<string> {
  const id = uuidV7(tx.ctx.now.getTime());
  const changesetId = uuidV7(tx.ctx.now.getTime());
  const when = tx.ctx.now;
  await tx.manager.insert(Changeset, {
    ulbId,
    id: changesetId,
    kind: 'edit',
    status: 'applied',
    comment: 'A plot surveyed',
    createdByLogin: tx.ctx.actor.login,
    createdAt: when,
    appliedAt: when,
  });
  await tx.manager.insert(Parcel, { ulbId, id, changesetId, recordedAt: when, parcelNo: '12/4', geom });
  return id;
}

describe('a parcel as an entity', () => {
  it('comes back with the geometry that was written, and with what the database computes of it', async () => {
    const id = await database.write(first, (tx) => addParcel(tx, 1, square));
    const parcel = await database.write(first, (tx) => tx.manager.findOneByOrFail(Parcel, { ulbId: 1, id }));
    expect(parcel).toMatchObject({ id, parcelNo: '12/4', ulpin: null, version: 1, recordedAt: first.now });
    expect(parcel.geom).toEqual(square);
    // 0.0001 degrees at 23.8 N: 10.188 m by 11.077 m on the ellipsoid.
    expect(Number(parcel.areaM2)).toBeCloseTo(112.86, 1);
    expect(parcel.geom3857.coordinates[0]![0]![0]![0]).toBeCloseTo((78.7 * 20037508.342789244) / 180, 3);
    expect(BigInt(parcel.tileId)).toBe(BigInt(`0x${id.replaceAll('-', '').slice(-13)}`));
  });

  it('can be moved, and is measured anew', async () => {
    const id = await database.write(first, (tx) => addParcel(tx, 1, square));
    const twice = structuredClone(square);
    twice.coordinates[0]![0]![1]![0] = 78.7002;
    twice.coordinates[0]![0]![2]![0] = 78.7002;
    const areaM2 = await database.write(first, async (tx) => {
      const before = await tx.manager.findOneByOrFail(Parcel, { ulbId: 1, id });
      await tx.manager.update(Parcel, { ulbId: 1, id, version: 1 }, { geom: twice, version: 2 });
      const after = await tx.manager.findOneByOrFail(Parcel, { ulbId: 1, id });
      expect(after.geom).toEqual(twice);
      return { before: Number(before.areaM2), after: Number(after.areaM2) };
    });
    expect(areaM2.after).toBeCloseTo(2 * areaM2.before, 2);
  });

  it('does not exist for another municipality, whatever that asks for', async () => {
    const id = await database.write(first, (tx) => addParcel(tx, 1, square));
    await database.write(second, async (tx) => {
      expect(await tx.manager.findBy(Parcel, { ulbId: 1 })).toEqual([]);
      expect(await tx.manager.find(Parcel)).toEqual([]);
      expect((await tx.manager.update(Parcel, { ulbId: 1, id }, { parcelNo: 'stolen' })).affected).toBe(0);
      expect((await tx.manager.delete(Parcel, { ulbId: 1, id })).affected).toBe(0);
    });
    await expect(database.write(second, (tx) => addParcel(tx, 1, square))).rejects.toThrow(
      /row-level security/,
    );
  });

  it('with a ring that crosses itself is refused by the database', async () => {
    const bow = structuredClone(square);
    const ring = bow.coordinates[0]![0]!;
    [ring[1], ring[2]] = [ring[2]!, ring[1]!];
    await expect(database.write(first, (tx) => addParcel(tx, 1, bow))).rejects.toThrow(/parcels_geom_check/);
  });
});
