import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  createTestDatabase,
  createTestUlb,
  type TestDatabase,
} from '../../../../../test/support/database.js';
import { uuidV7 } from '../../core/ids.js';
import { backup, restore } from './archive.js';

let db: TestDatabase;
let empty: TestDatabase;
let folder: string;

beforeAll(async () => {
  db = await createTestDatabase();
  empty = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'jarib-archive-'));
  const ctx = await createTestUlb(db, 1, 'sagar');
  const values = [uuidV7(ctx.now.getTime()), uuidV7(ctx.now.getTime()), ctx.now];
  await db.database.write(ctx, async (tx) => {
    await tx.run(
      `INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
       VALUES (1, $1, 'import', 'applied', 'first', 'tester', $2, $2)`,
      [values[0]!, values[2]!],
    );
    await tx.run(
      `INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, parcel_no, geom)
       VALUES (1, $2, $1, $3, '12/4', ST_Multi(ST_MakeEnvelope(78.70, 23.80, 78.7001, 23.8001, 4326)))`,
      values as never[],
    );
  });
});

afterAll(async () => {
  await db.drop();
  await empty.drop();
  rmSync(folder, { recursive: true });
});

const contents = async (pool: pg.Pool) =>
  (
    await pool.query(
      'SELECT u.code, p.id, p.parcel_no, p.area_m2, ST_AsText(p.geom) AS geom FROM ulbs u JOIN parcels p USING (ulb_id)',
    )
  ).rows;

describe('a backup', () => {
  it('restored into an empty database gives the same city, closed to strangers and with its spatial index in use', async () => {
    const file = join(folder, 'city.jarib');
    expect((await backup(db.config, file)).bytes).toBeGreaterThan(10_000);
    // The archive drops and makes every table: connections with cached plans would notice.
    expect(await restore(empty.config, file)).toEqual({ ulbs: 1 });
    expect(await contents(empty.owner)).toEqual(await contents(db.owner));
    const stranger = await empty.dataSource.query('SELECT * FROM parcels');
    expect(stranger).toEqual([]);
    const { rows } = await empty.owner.query(
      "SELECT proleakproof FROM pg_proc WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure",
    );
    expect(rows).toEqual([{ proleakproof: true }]);
  });

  it('is not restored over a city that lives', async () => {
    const file = join(folder, 'again.jarib');
    await backup(db.config, file);
    await expect(restore(db.config, file)).rejects.toThrow(/holds sagar, which a restore would replace/);
  });

  it('that is broken is refused and changes nothing', async () => {
    const file = join(folder, 'broken.jarib');
    writeFileSync(file, 'no backup at all');
    await expect(restore(db.config, file)).rejects.toThrow(/pg_restore ended with 1/);
    expect(await contents(db.owner)).toHaveLength(1);
  });
});
