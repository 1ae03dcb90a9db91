import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  createTestUlb,
  type TestDatabase,
} from '../../../../../test/support/database.js';
import type { Context } from '../database/tx.js';
import { Audit } from './audit.js';
import { AuditChain, type ChainReport } from './audit-chain.js';
import { AuditChainer } from './audit-chainer.js';
import { AuditRepository } from './audit.repository.js';
import { Log } from '../log.js';
import { TenantsRepository } from '../tenant/tenants.repository.js';
import { Tenants } from '../tenant/tenants.js';

let db: TestDatabase;
let ctx: Context;
let lastUlb = 0;
const repository = new AuditRepository();
const audit = new Audit(repository);
const chain = new AuditChain(repository);

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db?.drop());

/** A municipality of its own with six chained rows, a minute apart. */
beforeEach(async () => {
  ctx = await createTestUlb(db, (lastUlb += 1));
  for (let minute = 0; minute < 6; minute += 1) await record(minute);
  await extend();
});

const at = (minute: number): Context => ({ ...ctx, now: new Date(ctx.now.getTime() + minute * 60_000) });
const record = (minute: number) =>
  db.database.write(at(minute), (tx) =>
    audit.record(tx, {
      action: 'reveal',
      noun: 'owner',
      nounId: `${minute}`,
      after: { amountPaise: 5n },
      reason: 'बिल',
    }),
  );
const extend = () => db.database.write(ctx, (tx) => chain.extend(tx));
const verify = (): Promise<ChainReport> =>
  db.database.read(ctx, (tx) => chain.verify(tx), { snapshot: true });

/** As one who holds the database and switches its triggers and keys off. */
async function tamper(sql: string, values: unknown[] = []): Promise<void> {
  const client = await db.owner.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(sql, values);
  } finally {
    await client.query('RESET session_replication_role');
    client.release();
  }
}
const idOf = async (seq: number) =>
  (
    await db.owner.query<{ id: string }>(
      'SELECT audit_id AS id FROM audit_chain WHERE ulb_id = $1 AND seq = $2',
      [ctx.ulbId, seq],
    )
  ).rows[0]?.id;

describe('the audit chain', () => {
  it('holds over what nobody touched, and grows by what came since', async () => {
    expect(await verify()).toMatchObject({ links: 6, waiting: 0, faults: [], head: { seq: 6 } });
    await record(7);
    expect(await verify()).toMatchObject({ links: 6, waiting: 1, faults: [] });
    expect([await extend(), await extend()]).toEqual([1, 0]);
    expect(await verify()).toMatchObject({ links: 7, waiting: 0, faults: [] });
  });

  it('is the same in every time zone of the session', async () => {
    const other = await db.database.write(ctx, async (tx) => {
      await tx.run("SET LOCAL timezone = 'Asia/Kolkata'");
      return chain.verify(tx);
    });
    expect(other.faults).toEqual([]);
  });

  it.each([
    ['who', "actor_login = 'mallory'"],
    ['when', "at = at + interval '1 microsecond'"],
    ['what', `after = '{"amountPaise": "6"}'`],
    ['why', 'reason = NULL'],
    ['where it belongs', "noun_id = '9'"],
  ])('names the one row of which someone changed %s', async (_what, change) => {
    const id = await idOf(3);
    await tamper(`UPDATE audit_log SET ${change} WHERE id = $1`, [id]);
    expect((await verify()).faults).toMatchObject([{ kind: 'changed', seq: 3, auditId: id }]);
  });

  it('names a row that someone removed from the log', async () => {
    const id = await idOf(4);
    await tamper('DELETE FROM audit_log WHERE id = $1', [id]);
    expect((await verify()).faults).toMatchObject([{ kind: 'removed', seq: 4, auditId: id }]);
  });

  it('names the place where row and link are both gone, and where the links were numbered anew', async () => {
    const id = await idOf(2);
    await tamper('DELETE FROM audit_log WHERE id = $1', [id]);
    await tamper('DELETE FROM audit_chain WHERE audit_id = $1', [id]);
    expect((await verify()).faults).toMatchObject([
      { kind: 'removed', seq: 2, message: 'Link 2 of the chain is gone.' },
    ]);
    for (const seq of [3, 4, 5, 6]) {
      await tamper('UPDATE audit_chain SET seq = seq - 1 WHERE ulb_id = $1 AND seq = $2', [ctx.ulbId, seq]);
    }
    expect((await verify()).faults).toMatchObject([{ kind: 'changed', seq: 2 }]);
  });

  it('names a row that was slipped in with an old date, before and after it is chained', async () => {
    await db.database.write(at(-2 * 24 * 60), (tx) => audit.record(tx, { action: 'reveal', noun: 'owner' }));
    const before = await verify();
    expect(before.faults).toMatchObject([{ kind: 'inserted', seq: null }]);
    await extend();
    expect((await verify()).faults).toMatchObject([
      { kind: 'inserted', seq: 7, auditId: before.faults[0]?.auditId },
    ]);
  });

  it('names a row that was put between two links', async () => {
    const fourth = await idOf(4);
    for (const seq of [6, 5, 4]) {
      await tamper('UPDATE audit_chain SET seq = seq + 1 WHERE ulb_id = $1 AND seq = $2', [ctx.ulbId, seq]);
    }
    await record(3);
    await tamper(
      `INSERT INTO audit_chain SELECT a.ulb_id, 4, a.id, sha256('x') FROM audit_log a
       WHERE a.ulb_id = $1 AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.audit_id = a.id)`,
      [ctx.ulbId],
    );
    const { faults } = await verify();
    expect(faults).toMatchObject([
      { kind: 'changed', seq: 4 },
      { kind: 'changed', seq: 5, auditId: fourth },
    ]);
  });

  it('stays one chain when several extend it at once', async () => {
    for (let minute = 10; minute < 40; minute += 1) await record(minute);
    const added = await Promise.all([extend(), extend(), extend()]);
    expect(added.reduce((sum, count) => sum + count, 0)).toBe(30);
    expect(await verify()).toMatchObject({ links: 36, waiting: 0, faults: [] });
  });

  it('is extended for every municipality by the worker', async () => {
    const other = await createTestUlb(db, (lastUlb += 1));
    await record(50);
    await db.database.write(other, (tx) => audit.record(tx, { action: 'reveal', noun: 'owner' }));
    const tenants = new Tenants(db.database, new TenantsRepository());
    await new AuditChainer(db.database, tenants, chain, new Log(db.config)).extendAll();
    expect(await verify()).toMatchObject({ links: 7, waiting: 0, faults: [] });
    const elsewhere = await db.database.read(other, (tx) => chain.verify(tx));
    expect(elsewhere).toMatchObject({ links: 1, waiting: 0, faults: [] });
  });
});
