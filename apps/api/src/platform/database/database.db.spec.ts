import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  createTestUlb,
  type TestDatabase,
} from '../../../../../test/support/database.js';
import { uuidV7 } from '../../core/ids.js';
import type { Context, Tx } from './tx.js';

let db: TestDatabase;
let first: Context;
let second: Context;

beforeAll(async () => {
  // One connection: every transaction reuses the one before it, which is where a tenant could leak.
  db = await createTestDatabase({ poolConnections: 1 });
  first = await createTestUlb(db, 1);
  second = await createTestUlb(db, 2);
});

afterAll(() => db.drop());

const addUser = (tx: Tx, ulbId: number, login: string) =>
  tx.run(
    `INSERT INTO users (ulb_id, id, login, name, role, password_hash, created_at)
     VALUES ($1, $2, $3, 'A', 'surveyor', 'x', $4)`,
    [ulbId, uuidV7(tx.ctx.now.getTime()), login, tx.ctx.now],
  );
const logins = (ctx: Context) =>
  db.database.read(ctx, (tx) => tx.rows<{ login: string }>('SELECT login FROM users ORDER BY login'));

describe('a transaction', () => {
  it('sees only the rows of its own municipality, also on a reused connection', async () => {
    await db.database.write(first, (tx) => addUser(tx, 1, 'asha'));
    await db.database.write(second, (tx) => addUser(tx, 2, 'bina'));
    expect(await logins(first)).toEqual([{ login: 'asha' }]);
    expect(await logins(second)).toEqual([{ login: 'bina' }]);
  });

  it('sees no row when no municipality is set, also on a connection that had one', async () => {
    await logins(first);
    expect(await logins({ ...first, ulbId: 0 })).toEqual([]);
    expect((await db.dataSource.query('SELECT login FROM users')) as unknown[]).toEqual([]);
  });

  it('refuses a row of another municipality', async () => {
    await expect(db.database.write(first, (tx) => addUser(tx, 2, 'mallory'))).rejects.toThrow(
      /row-level security/,
    );
  });

  it('leaves nothing behind when its work fails', async () => {
    const work = db.database.write(first, async (tx) => {
      await addUser(tx, 1, 'charu');
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await logins(first)).toEqual([{ login: 'asha' }]);
  });

  it('cannot write when it was opened for reading', async () => {
    await expect(db.database.read(first, (tx) => addUser(tx, 1, 'dev'))).rejects.toThrow(
      /read-only transaction/,
    );
  });

  it('shows dates as the text they are', async () => {
    const row = await db.database.read(first, (tx) =>
      tx.one<{ day: string }>("SELECT '2026-04-01'::date AS day"),
    );
    expect(row.day).toBe('2026-04-01');
  });
});

describe('the audit log', () => {
  it('refuses change and removal, also by the owner', async () => {
    await expect(db.owner.query('DELETE FROM audit_log')).rejects.toThrow(/append only/);
    await expect(db.database.write(first, (tx) => tx.run('DELETE FROM audit_log'))).rejects.toThrow(
      /permission denied/,
    );
  });
});
