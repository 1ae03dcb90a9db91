import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  createTestUlb,
  type TestDatabase,
} from '../../../../../test/support/database.js';
import { uuidV7 } from '../../core/ids.js';
import { limits } from '../limits.js';
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

describe('a single reading statement', () => {
  const loginsOnce = (ctx: Context) =>
    db.database.readOne(ctx, (tx) => tx.rows<{ login: string }>('SELECT login FROM users ORDER BY login'));

  it('sees only the rows of its own municipality, whoever used the connection before', async () => {
    for (let round = 0; round < 3; round += 1) {
      expect(await loginsOnce(first)).toEqual([{ login: 'asha' }]);
      expect(await loginsOnce(second)).toEqual([{ login: 'bina' }]);
      expect(await loginsOnce({ ...first, ulbId: 0 })).toEqual([]);
      expect((await db.dataSource.query('SELECT login FROM users')) as unknown[]).toEqual([]);
    }
  });

  it('takes bound values, gives typed rows and keeps to the limit of time', async () => {
    const row = await db.database.readOne(first, (tx) =>
      tx.one("SELECT $1::int + 1 AS n, $2::date AS day, current_setting('statement_timeout') AS most", [
        41,
        '2026-04-01',
      ]),
    );
    expect(row).toEqual({ n: 42, day: '2026-04-01', most: `${limits.statementTimeoutMs / 1_000}s` });
  });

  it('cannot write, and leaves a connection that works after it failed', async () => {
    await expect(db.database.readOne(first, (tx) => addUser(tx, 1, 'dev'))).rejects.toThrow(
      /read-only transaction/,
    );
    await expect(db.database.readOne(first, (tx) => tx.rows('SELECT nothing'))).rejects.toThrow(
      /does not exist/,
    );
    expect(await loginsOnce(first)).toEqual([{ login: 'asha' }]);
    await db.database.write(first, (tx) => tx.run("UPDATE users SET name = 'B' WHERE login = 'asha'"));
  });

  it('is refused a second statement, which would stand in a transaction of its own', async () => {
    const twice = db.database.readOne(first, async (tx) => {
      await tx.rows('SELECT 1');
      return tx.rows('SELECT 2');
    });
    await expect(twice).rejects.toThrow(/one statement/);
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
