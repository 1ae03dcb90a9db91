import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { addProperties } from '../../../../test/support/assessment.js';
import {
  createTestDatabase,
  createTestUlb,
  testContext,
  type TestDatabase,
} from '../../../../test/support/database.js';
import { Audit } from '../platform/audit/audit.js';
import { AuditRepository } from '../platform/audit/audit.repository.js';
import type { Context } from '../platform/database/tx.js';
import { ParcelsRepository } from './parcels.repository.js';
import { ParcelsService } from './parcels.service.js';

let db: TestDatabase;
let ctx: Context;
let ids: string[];
let service: ParcelsService;

beforeAll(async () => {
  db = await createTestDatabase();
  service = new ParcelsService(db.database, new ParcelsRepository(), new Audit(new AuditRepository()));
  ctx = await createTestUlb(db, 1);
  const shop = { use: 'commercial', areaM2: 20 };
  ids = await addProperties(db, ctx, [
    {
      number: 'A1',
      ward: '1',
      units: [{ use: 'residential', areaM2: 80 }, shop],
      owner: 'Ravi Tripathi',
      ownerLocal: 'रवि त्रिपाठी',
    },
    { number: 'A2', ward: '2', units: [shop], owner: 'Sita Jain' },
    { number: 'A3', ward: '2', units: [] },
  ]);
});

afterAll(() => db.drop());

const numbers = ({ items }: { items: { number: string }[] }) => items.map((item) => item.number);

describe('the roll', () => {
  it('pages by number without loss or repetition', async () => {
    const first = await service.roll(ctx, { limit: 2 });
    expect(first).toMatchObject({ next: 'A2', total: 3 });
    const second = await service.roll(ctx, { limit: 2, after: first.next ?? '' });
    expect([...numbers(first), ...numbers(second)]).toEqual(['A1', 'A2', 'A3']);
    expect(second.next).toBeNull();
  });

  it('shows the use of the largest unit, the sum of areas, and the owner masked', async () => {
    const { items } = await service.roll(ctx, { limit: 1 });
    expect(items[0]).toMatchObject({
      use: 'residential',
      units: 2,
      areaM2: '100.0000',
      ownerMasked: 'R••• T•••••••',
      fy: null,
    });
  });

  it('filters by ward, by the use of any unit, and by status', async () => {
    expect(numbers(await service.roll(ctx, { limit: 9, ward: '2' }))).toEqual(['A2', 'A3']);
    expect(numbers(await service.roll(ctx, { limit: 9, use: 'commercial' }))).toEqual(['A1', 'A2']);
    expect(numbers(await service.roll(ctx, { limit: 9, status: 'unassessed', ward: '1' }))).toEqual(['A1']);
    for (const status of ['assessed', 'exempt', 'exception', 'retired'] as const) {
      expect(await service.roll(ctx, { limit: 9, status })).toMatchObject({ items: [], total: 0 });
    }
  });

  it('is empty for another municipality', async () => {
    expect(await service.roll(testContext(2), { limit: 9 })).toMatchObject({ items: [], total: 0 });
  });
});

describe('the card of a property', () => {
  it('masks its owners for everyone', async () => {
    const card = await service.card(ctx, ids[0] as string);
    expect(card.owners).toMatchObject([{ name: 'R••• T•••••••', mobile: '••••••1234' }]);
    expect(JSON.stringify(card)).not.toMatch(/Tripathi|त्रिपाठी|987654/);
    expect(card).toMatchObject({
      number: 'A1',
      assessment: null,
      ledger: { balancePaise: '0' },
      noParcelReason: 'not_mapped',
    });
  });

  it('shows no person, not even masked, to who may not read owners', async () => {
    const surveyor = testContext(1, { permissions: new Set(['roll:read', 'parcels:write']) });
    expect(await service.card(surveyor, ids[0] as string)).toMatchObject({ owners: [], ownersHidden: true });
    const { items } = await service.roll(surveyor, { limit: 1 });
    expect(items[0]).toMatchObject({ ownerMasked: null });
  });

  it('hides the owners of other wards, and their reveal too, from who is bound to his', async () => {
    const officer = testContext(1, { wardNumbers: ['2'] });
    expect(await service.card(officer, ids[0] as string)).toMatchObject({ owners: [], ownersHidden: true });
    expect((await service.roll(officer, { limit: 9 })).items.map((item) => item.ownerMasked)).toEqual([
      null,
      'S••• J•••',
      null,
    ]);
    await expect(service.reveal(officer, ids[0] as string, { reason: 'curious' })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('is found by the number, and by a former one', async () => {
    await db.owner.query("INSERT INTO property_aliases VALUES (1, 'OLD-1', $1, 'former_number')", [ids[0]]);
    expect(await service.idOfNumber(ctx, 'OLD-1')).toBe(ids[0]);
    expect(await service.idOfNumber(ctx, 'A1')).toBe(ids[0]);
    await expect(service.idOfNumber(ctx, 'nothing')).rejects.toMatchObject({ status: 404 });
  });
});

describe('revealing owners', () => {
  it('shows them and leaves reason and reader in the audit log, but no name', async () => {
    const { owners } = await service.reveal(ctx, ids[0] as string, { reason: 'Notice to be served' });
    expect(owners).toMatchObject([{ name: 'Ravi Tripathi', nameLocal: 'रवि त्रिपाठी', mobile: '9876541234' }]);
    const { rows } = await db.owner.query("SELECT * FROM audit_log WHERE action = 'owners.reveal'");
    expect(rows).toMatchObject([{ actor_login: 'tester', noun_id: ids[0], reason: 'Notice to be served' }]);
    expect(JSON.stringify(rows)).not.toMatch(/Tripathi|98765/);
  });
});

describe('a parcel', () => {
  it('lists the properties that stand on it', async () => {
    const { rows } = await db.owner.query<{ id: string }>(
      `WITH c AS (INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
         VALUES (1, gen_random_uuid(), 'import', 'applied', 'x', 'x', now(), now()) RETURNING id)
       INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, parcel_no, geom)
       SELECT 1, gen_random_uuid(), id, now(), 'K-1',
         ST_Multi(ST_MakeEnvelope(78.7, 23.8, 78.7001, 23.8001, 4326)) FROM c RETURNING id`,
    );
    const parcelId = rows[0]?.id as string;
    await db.owner.query(
      "INSERT INTO property_parcels SELECT 1, id, $1 FROM properties WHERE number IN ('A1', 'A3')",
      [parcelId],
    );
    const page = await service.onParcel(ctx, parcelId, { limit: 1 });
    expect(page).toMatchObject({ items: [{ number: 'A1', parcelId }], next: 'A1', total: 2 });
    expect((await service.card(ctx, ids[0] as string)).parcels).toMatchObject([
      { id: parcelId, parcelNo: 'K-1' },
    ]);
    await expect(service.onParcel(testContext(2), parcelId, { limit: 1 })).rejects.toMatchObject({
      status: 404,
    });
  });
});
