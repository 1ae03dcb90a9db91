import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import {
  act,
  alter,
  type Body,
  type Desk,
  get,
  house,
  kindOf,
  newHouse,
  openDesk,
  put,
  toShop,
} from '../support/property-file.js';
import type { TestDatabase } from '../support/database.js';
import type { SignedIn } from '../support/server.js';

let desk: Desk;
let db: TestDatabase;
let asha: SignedIn;
let ravi: SignedIn;
let surveyor: SignedIn;

beforeAll(async () => {
  desk = await openDesk();
  ({ db, asha, ravi, surveyor } = desk);
});

afterAll(() => desk?.close());

describe('a new property', () => {
  it('comes onto the roll when a second person approves it, and is found by number and owner at once', async () => {
    const body = newHouse('N-001');
    const made = await put(asha, body);
    expect(made).toMatchObject({ status: 200, body: { status: 'submitted', faults: [], hindrance: 'own' } });
    expect((await asha.agent.get(`/api/properties/${body.propertyId}`)).status).toBe(404);

    expect(await act(ravi, made.id, 'approve')).toMatchObject({ status: 200, body: { appliedVersion: 1 } });
    const card = await get(ravi, `/api/properties/${body.propertyId}`);
    expect(card).toMatchObject({
      number: 'N-001',
      noParcelReason: 'not_mapped',
      units: [{ unitNo: 1, areaM2: '60.5000', floor: 'ground' }, { floor: 'first' }, { floor: 'second' }],
      owners: [{ name: 'S••• J•••', share: '0.50000000', mobile: '••••••1234' }, { name: 'M•••• J•••' }],
    });
    const found = await get<{ results: { propertyId: string }[] }>(ravi, '/api/search?q=seeta jain');
    expect(found.results.map(({ propertyId }) => propertyId)).toContain(body.propertyId);
    const byNumber = await get<{ results: { title: string }[] }>(ravi, '/api/search?q=N-001');
    expect(byNumber.results[0]).toMatchObject({ title: 'N-001' });
  });

  it('is made once, however often it is sent', async () => {
    const body = newHouse('N-002');
    const made = await put(asha, body);
    expect((await put(asha, body, made.id)).body).toMatchObject({ status: 'submitted' });
    await act(ravi, made.id, 'approve');
    expect((await put(asha, body, made.id)).body).toMatchObject({ status: 'approved' });
    expect((await act(ravi, made.id, 'approve')).body).toMatchObject({ appliedVersion: 1 });
    const { rows } = await db.owner.query("SELECT version FROM properties WHERE number = 'N-002'");
    expect(rows).toEqual([{ version: 1 }]);
  });

  it('cannot have a number that another has, nor a parcel that is not on the map', async () => {
    const { number } = await house(desk);
    const body = newHouse(number);
    Object.assign(body.operations[0] as Body, { parcelIds: [randomUUID()], noParcelReason: null });
    const answer = await put(asha, body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors?.map(({ where }) => where)).toEqual([
      '/operations/0/number',
      '/operations/0/parcelIds',
    ]);
  });

  it('is refused where another got its number a moment before', async () => {
    const made = [await put(asha, newHouse('N-777')), await put(asha, newHouse('N-777'))];
    const both = await Promise.all(made.map(({ id }) => act(ravi, id, 'approve')));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  it('is offered the next number of its ward, after those asked for', async () => {
    await put(asha, { ...newHouse('W9-0041'), submit: false });
    const ninth = newHouse('W9-0042');
    Object.assign(ninth.operations[0] as Body, { wardNumber: '9' });
    await put(asha, ninth);
    expect(await get(asha, '/api/roll-codes/next-number?ward=9')).toEqual({ number: 'W9-0043' });
    expect(await get(asha, '/api/roll-codes/next-number?ward=77')).toEqual({ number: null });
  });
});

describe('maker and checker', () => {
  it('are two people, for the service and for the database', async () => {
    const { id } = await house(desk);
    const made = await put(asha, alter(id, [toShop]));
    const own = await act(asha, made.id, 'approve');
    expect(own).toMatchObject({ status: 403, body: { type: 'urn:jarib:problem:maker-is-checker' } });
    await expect(
      db.owner.query(
        `UPDATE property_changes SET status = 'approved', applied_version = 2, decided_at = now(),
           decided_by_login = 'asha' WHERE id = $1`,
        [made.id],
      ),
    ).rejects.toThrow(/property_changes_two_people/);
  });

  it('leave a trace each, without a name of an owner', async () => {
    const { id } = await house(desk);
    const owners = [{ do: 'alter-owner', ownerNo: 1, set: { name: 'Gopal Sahu' } }];
    const made = await put(asha, alter(id, owners));
    await act(ravi, made.id, 'approve');
    const { rows } = await db.owner.query<{ actor_login: string; action: string }>(
      'SELECT * FROM audit_log WHERE noun_id = $1 ORDER BY at, id',
      [made.id],
    );
    expect(rows.map((row) => `${row.actor_login} ${row.action}`)).toEqual([
      'asha property-change.submit',
      'ravi property-change.approve',
    ]);
    expect(JSON.stringify(rows)).not.toContain('Gopal');
  });

  it('send a change back with a reason; its maker mends it and sends it again', async () => {
    const { id } = await house(desk);
    const made = await put(asha, alter(id, [toShop]));
    expect((await act(ravi, made.id, 'return', { reason: 'no' })).status).toBe(400);
    await act(ravi, made.id, 'return', { reason: 'The order names another unit' });
    const seen = await get(asha, `/api/property-changes/${made.id}`);
    expect(seen).toMatchObject({ status: 'returned', decisionReason: 'The order names another unit' });
    const mended = alter(id, [{ do: 'alter-unit', unitNo: 1, set: { occupancy: 'tenant' } }]);
    expect((await put(asha, mended, made.id)).body).toMatchObject({ status: 'submitted' });
    expect((await act(ravi, made.id, 'approve')).body).toMatchObject({
      status: 'approved',
      appliedVersion: 2,
    });
  });

  it('cannot rewrite what was approved, not even in the database', async () => {
    const { id } = await house(desk);
    const made = await put(asha, alter(id, [toShop]));
    await act(ravi, made.id, 'approve');
    const other = alter(id, [{ do: 'alter-unit', unitNo: 1, set: { use: 'vacant' } }]);
    expect(kindOf(await put(asha, other, made.id))).toBe('change-sent');
    expect(kindOf(await act(asha, made.id, 'withdraw'))).toBe('change-decided');
    await expect(
      db.owner.query("UPDATE property_changes SET reason = 'rewritten' WHERE id = $1", [made.id]),
    ).rejects.toThrow(/is approved and stays/);
  });

  it('see why they may not decide, in the queue and on the change', async () => {
    const { id, number } = await house(desk);
    const made = await put(asha, alter(id, [toShop]));
    const reader = async (who: SignedIn) => (await get(who, `/api/property-changes/${made.id}`))['hindrance'];
    expect([await reader(asha), await reader(ravi), await reader(surveyor)]).toEqual([
      'own',
      null,
      'permission',
    ]);
    const queue = await get<{ items: { number: string; madeByLogin: string; submittedAt: string }[] }>(
      ravi,
      `/api/property-changes?propertyId=${id}`,
    );
    expect(queue.items).toMatchObject([
      { number, madeByLogin: 'asha', acts: { 'alter-unit': 1 }, mine: false },
    ]);
    expect(Date.parse(queue.items[0]!.submittedAt)).toBeGreaterThan(0);
  });
});

describe('two makers on one property', () => {
  it('the second is told whose change waits', async () => {
    const { id } = await house(desk);
    await put(asha, alter(id, [toShop]));
    const second = await put(ravi, alter(id, [{ do: 'retire-unit', unitNo: 1 }]));
    expect(second).toMatchObject({ status: 409, body: { madeByLogin: 'asha' } });
    expect(kindOf(second)).toBe('change-open');
  });

  it('at the same instant: one waits to be checked, the other is refused', async () => {
    const { id } = await house(desk);
    const both = await Promise.all([put(asha, alter(id, [toShop])), put(ravi, alter(id, [toShop]))]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  it('a draft that was begun before another was approved learns what has changed', async () => {
    const { id } = await house(desk);
    const draft = alter(id, [{ do: 'add-unit', use: 'commercial', areaM2: '20' }], { submit: false });
    const late = await put(ravi, draft);
    const early = await put(asha, alter(id, [toShop]));
    await act(ravi, early.id, 'approve');
    const answer = await act(ravi, late.id, 'submit');
    expect(kindOf(answer)).toBe('property-changed');
    expect(answer.body).toMatchObject({
      status: 409,
      baseVersion: 1,
      version: 2,
      changed: [{ noun: 'unit', no: 1, field: 'use', before: 'residential', after: 'commercial' }],
    });
    expect((await put(ravi, { ...draft, baseVersion: 2, submit: true }, late.id)).status).toBe(200);
  });

  it('a submitted change whose property changed meanwhile is not applied', async () => {
    const { id } = await house(desk);
    const made = await put(asha, alter(id, [toShop]));
    await db.owner.query('UPDATE properties SET version = 2 WHERE id = $1', [id]);
    expect(kindOf(await act(ravi, made.id, 'approve'))).toBe('property-changed');
    const { rows } = await db.owner.query('SELECT use FROM units WHERE property_id = $1', [id]);
    expect(rows).toEqual([{ use: 'residential' }]);
  });
});

const today = new Date().toISOString().slice(0, 10);

describe('retiring a property', () => {
  it('waits for changes that are open, a draft too', async () => {
    const { id } = await house(desk);
    const draft = await put(asha, alter(id, [toShop], { submit: false }));
    const retire = alter(id, [{ do: 'retire-property' }], { effectiveOn: today });
    const refused = await put(ravi, retire);
    expect(refused).toMatchObject({ status: 409, body: { madeByLogin: 'asha' } });
    expect(refused.body.detail).toContain('cannot be retired while');
    await act(asha, draft.id, 'withdraw');
    const made = await put(ravi, retire, randomUUID());
    expect((await act(asha, made.id, 'approve')).status).toBe(200);
    const card = await get(asha, `/api/properties/${id}`);
    expect(card).toMatchObject({ status: 'retired', units: [], owners: [] });
    expect((await put(asha, alter(id, [toShop], { baseVersion: 2 }))).body.errors).toMatchObject([
      { where: '/operations/0/do', message: expect.stringContaining('retired') },
    ]);
  });
});
