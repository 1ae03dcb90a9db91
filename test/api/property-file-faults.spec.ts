import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentRepository } from '../../apps/api/src/parcels/property-file/document.repository.js';
import {
  act,
  alter,
  type Body,
  type Desk,
  get,
  house,
  kindOf,
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

describe('bad input', () => {
  let id: string;
  beforeAll(async () => {
    ({ id } = await house(desk));
  });
  const area = (areaM2: unknown) => [{ do: 'add-unit', use: 'residential', areaM2 }];
  it.each([
    ['a negative area', area('-5'), '/operations/0/areaM2', /plain number of m2/],
    ['an area with too many decimals', area('1.23456'), '/operations/0/areaM2', /at most four decimals/],
    ['an enormous area', area('1000001'), '/operations/0/areaM2', /At most 10,00,000 m2/],
    ['an adopted area of nothing', area('0'), '/operations/0/areaM2', /must be above 0/],
    ['an area that is no text', area(80), '/operations/0/areaM2', /string/],
    [
      'a share of more than all',
      [{ do: 'add-owner', name: 'X', share: '3/2' }],
      '/operations/0/share',
      /Write a share/,
    ],
    [
      'a year of building far off',
      [{ do: 'alter-unit', unitNo: 1, set: { yearBuilt: 99 } }],
      '/operations/0/set/yearBuilt',
      /Not before 1000/,
    ],
    ['an act that does not exist', [{ do: 'burn' }], '/operations/0/do', /./],
    ['nothing to do', [], '/operations', /Say what is to change/],
    [
      'no land and no reason',
      [{ do: 'set-land' }],
      '/operations/0/noParcelReason',
      /why the property has no parcel/,
    ],
  ])('%s is refused with its place', async (_, operations, where, message) => {
    const answer = await put(asha, alter(id, operations as Body[]));
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toContainEqual(
      expect.objectContaining({ where, message: expect.stringMatching(message) as unknown as string }),
    );
  });

  it.each([
    [
      'overlapping states',
      [{ do: 'add-unit', unitNo: 1, use: 'commercial' }],
      {},
      '/operations/0/unitNo',
      /There is unit 1 already/,
    ],
    [
      'shares that do not sum',
      [{ do: 'alter-owner', ownerNo: 1, set: { share: '0.9' } }],
      {},
      '/operations/0/share',
      /0\.10000000 is missing/,
    ],
    ['a unit that is not there', [{ do: 'retire-unit', unitNo: 7 }], {}, '/operations/0/unitNo', /no unit 7/],
    [
      'a change of nothing',
      [{ do: 'alter-unit', unitNo: 1, set: { use: 'residential' } }],
      {},
      '/operations',
      /is so already/,
    ],
    ['a day of another century', [toShop], { effectiveOn: '1899-12-31' }, '/effectiveOn', /before 1900/],
    ['a day years ahead', [toShop], { effectiveOn: '2099-01-01' }, '/effectiveOn', /At most a year ahead/],
    [
      'an address of tomorrow',
      [{ do: 'alter-property', set: { address: 'x' } }],
      { effectiveOn: '2027-03-31' },
      '/effectiveOn',
      /from the day of approval/,
    ],
  ])('%s cannot be sent, but kept and told', async (_, operations, more, where, message) => {
    const fault = { where, message: expect.stringMatching(message) as unknown as string };
    const refused = await put(asha, alter(id, operations, more));
    expect(refused.status).toBe(422);
    expect(refused.body.errors).toContainEqual(expect.objectContaining(fault));
    const kept = await put(asha, alter(id, operations, { ...more, submit: false }));
    expect(kept.body).toMatchObject({ status: 'draft' });
    expect(kept.body['faults']).toContainEqual(expect.objectContaining(fault));
    await act(asha, kept.id, 'withdraw');
  });

  it('a code that nobody knows warns and hinders nothing', async () => {
    const operations = [{ do: 'alter-unit', unitNo: 1, set: { use: 'comercial' } }];
    const answer = await asha.agent.post('/api/property-changes/check').send(alter(id, operations));
    expect(answer.body).toMatchObject({
      faults: [],
      warnings: [
        {
          where: '/operations/0/set/use',
          value: 'comercial',
          message: expect.stringContaining('residential'),
        },
      ],
      lines: [{ field: 'use', before: 'residential', after: 'comercial', from: '2026-10-01', to: null }],
    });
  });

  it('a ward that does not exist on the day is refused where wards are drawn', async () => {
    await db.owner.query(
      `WITH c AS (INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
         VALUES (1, gen_random_uuid(), 'import', 'applied', 'x', 'x', now(), now()) RETURNING id)
       INSERT INTO wards (ulb_id, id, changeset_id, recorded_at, number, effective, geom)
       SELECT 1, gen_random_uuid(), id, now(), n, '[2020-04-01,)',
         ST_Multi(ST_MakeEnvelope(78 + n::int, 23, 79 + n::int, 24, 4326)) FROM c, unnest(ARRAY['1','2','9']) AS n`,
    );
    const operations = [{ do: 'alter-property', set: { wardNumber: '44' } }];
    const answer = await put(asha, alter(id, operations, { effectiveOn: '2026-04-01' }));
    expect(answer.body.errors).toMatchObject([{ where: '/operations/0/set/wardNumber', value: '44' }]);
  });
});

describe('who is bound to wards', () => {
  it('changes, checks and sees what lies in them only', async () => {
    const [one, two] = [await house(desk, '1'), await house(desk, '2')];
    expect(kindOf(await put(desk.ward2, alter(one.id, [toShop])))).toBe('ward-not-yours');
    const away = [{ do: 'alter-property', set: { wardNumber: '1' } }];
    expect(kindOf(await put(desk.ward2, alter(two.id, away, { effectiveOn: '2026-04-01' })))).toBe(
      'ward-not-yours',
    );
    const [first, second] = [
      await put(asha, alter(one.id, [toShop])),
      await put(asha, alter(two.id, [toShop])),
    ];
    const queue = await get<{ items: { wardNumber: string }[] }>(
      desk.ward2,
      '/api/property-changes?limit=500',
    );
    expect([...new Set(queue.items.map(({ wardNumber }) => wardNumber))]).toEqual(['2']);
    expect(kindOf(await act(desk.ward2, first.id, 'approve'))).toBe('ward-not-yours');
    expect((await act(desk.ward2, second.id, 'approve')).status).toBe(200);
  });
});

describe('persons in a change', () => {
  it('are masked for its checker, hidden from who reads no owners, and shown for a reason that is kept', async () => {
    const { id } = await house(desk);
    const owner = { do: 'alter-owner', ownerNo: 1, set: { name: 'Gopal Sahu', mobile: '9999912345' } };
    const made = await put(asha, alter(id, [owner]));
    for (const who of [asha, ravi]) {
      const text = JSON.stringify(await get(who, `/api/property-changes/${made.id}`));
      expect(text).toContain('G•••• S•••');
      expect(text).not.toMatch(/Gopal|Tripathi|99999/);
    }
    const hidden = await get(surveyor, `/api/property-changes/${made.id}`);
    expect(hidden).toMatchObject({ operations: [], lines: [], ownersHidden: true });
    expect((await act(surveyor, made.id, 'reveal', { reason: 'curious me' })).status).toBe(403);
    const shown = await act(ravi, made.id, 'reveal', { reason: 'To compare with the deed' });
    expect(JSON.stringify(shown.body)).toContain('Gopal Sahu');
    const { rows } = await db.owner.query(
      "SELECT reason FROM audit_log WHERE action = 'owners.reveal' AND noun_id = $1",
      [made.id],
    );
    expect(rows).toEqual([{ reason: 'To compare with the deed' }]);
  });

  it('are readable to the maker while the change is his to mend', async () => {
    const { id } = await house(desk);
    const owner = { do: 'alter-owner', ownerNo: 1, set: { name: 'Gopal Sahu' } };
    const draft = await put(asha, alter(id, [owner], { submit: false }));
    expect(JSON.stringify(draft.body['operations'])).toContain('Gopal Sahu');
    expect((await ravi.agent.get(`/api/property-changes/${draft.id}`)).status).toBe(403);
  });
});

describe('the roll as it was known', () => {
  it('tells for any day and any instant what was recorded then, to the last decimal', async () => {
    const documents = new DocumentRepository();
    const { id } = await house(desk);
    const first = await put(
      asha,
      alter(id, [
        toShop,
        { do: 'adopt-area', unitNo: 1, from: 'stated', areaM2: '123456.7891', reason: 'Measured on site' },
        { do: 'alter-owner', ownerNo: 1, set: { name: 'Gopal Sahu' } },
        { do: 'alter-property', set: { landAreaM2: '200.5' } },
      ]),
    );
    const before = new Date();
    await act(ravi, first.id, 'approve');
    const between = new Date();
    const second = alter(id, [{ do: 'retire-unit', unitNo: 1 }], {
      baseVersion: 2,
      effectiveOn: '2026-11-01',
    });
    await act(ravi, (await put(asha, second)).id, 'approve');

    const known = (effectiveOn: string, knownAt: Date | null) =>
      db.database.read(desk.ctx, async (tx) => {
        const found = await documents.propertyAsKnown(tx, id, { effectiveOn, knownAt });
        const unit = found?.document.units[0];
        const owner = found?.document.owners[0]?.name;
        return found && [found.version, unit?.use, unit?.areaM2, owner, found.document.property.landAreaM2];
      });
    expect(await known('2026-04-01', new Date('2020-01-01'))).toBeNull();
    const old = ['residential', '80.0000', 'Ravi Tripathi'];
    expect(await known('2026-11-15', before)).toEqual([1, ...old, null]);
    expect(await known('2026-04-01', between)).toEqual([2, ...old, '200.5000']);
    expect(await known('2026-11-15', between)).toEqual([
      2,
      'commercial',
      '123456.7891',
      'Gopal Sahu',
      '200.5000',
    ]);
    expect(await known('2026-10-15', null)).toEqual([
      3,
      'commercial',
      '123456.7891',
      'Gopal Sahu',
      '200.5000',
    ]);
    expect(await known('2026-11-15', null)).toEqual([3, undefined, undefined, 'Gopal Sahu', '200.5000']);

    const over = await get(ravi, `/api/properties/${id}/file?on=2026-11-15&knownAt=${before.toISOString()}`);
    expect(over).toMatchObject({
      version: 1,
      units: [{ use: 'residential' }],
      owners: [{ name: 'R••• T•••••••' }],
    });
  });

  it('reads versions that an import of the roll has written', async () => {
    const { id } = await house(desk);
    await db.owner.query(
      `INSERT INTO property_history (ulb_id, property_id, version, record, recorded_at, ended_at, ended_by, reason)
       SELECT 1, p.id, 1, jsonb_build_object('property', to_jsonb(p) - 'ulb_id', 'units', NULL, 'owners', NULL,
         'parcels', NULL), p.recorded_at, p.recorded_at + interval '1 day', 'operator', 'import of the roll'
       FROM properties p WHERE p.id = $1`,
      [id],
    );
    await db.owner.query(
      "UPDATE properties SET version = 2, recorded_at = recorded_at + interval '1 day' WHERE id = $1",
      [id],
    );
    const { items } = await get<{ items: Body[] }>(ravi, `/api/properties/${id}/history`);
    expect(items).toMatchObject([
      { version: 2, madeByLogin: 'operator', reason: 'import of the roll', changeId: null },
      { version: 1, madeByLogin: null },
    ]);
  });

  it('is told as history: who, when, why, by which paper, and what became of what', async () => {
    const { id } = await house(desk);
    const made = await put(asha, alter(id, [toShop]));
    await act(ravi, made.id, 'approve');
    const { items } = await get<{ items: Body[] }>(ravi, `/api/properties/${id}/history`);
    expect(items[0]).toMatchObject({
      version: 2,
      madeByLogin: 'asha',
      approvedByLogin: 'ravi',
      effectiveOn: '2026-10-01',
      paper: 'Order 12 of 1 Oct 2026',
      reason: 'Inspection of the ward',
      lines: [{ noun: 'unit', no: 1, field: 'use', before: 'residential', after: 'commercial' }],
    });
    expect(JSON.stringify(await get(ravi, `/api/properties/${id}/history`))).not.toContain('Tripathi');
    expect(JSON.stringify(await get(surveyor, `/api/properties/${id}/history`))).not.toContain('•');
  });
});
