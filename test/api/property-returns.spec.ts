import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { TestDatabase } from '../support/database.js';
import { act, alter, type Body, type Desk, get, house, openDesk, put } from '../support/property-file.js';
import type { SignedIn } from '../support/server.js';

let desk: Desk;
let db: TestDatabase;
let asha: SignedIn;
let ravi: SignedIn;

beforeAll(async () => {
  desk = await openDesk();
  ({ db, asha, ravi } = desk);
});

afterAll(() => desk?.close());

let plots = 0;
/** Land of some 11 by 11 m with a building over the whole of it, and the properties on it. */
async function addLand(propertyIds: string[], floors: number | null): Promise<void> {
  const west = 78.7 + (plots += 1) * 0.001;
  await db.owner.query(
    `WITH c AS (INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
         VALUES (1, gen_random_uuid(), 'import', 'applied', 'x', 'x', now(), now()) RETURNING id),
       place AS (SELECT ST_Multi(ST_MakeEnvelope($1::float8, 23.8, $1::float8 + 0.0001, 23.8001, 4326)) AS geom),
       b AS (INSERT INTO buildings (ulb_id, id, changeset_id, recorded_at, floors, geom)
         SELECT 1, gen_random_uuid(), c.id, now(), $2::smallint, geom FROM c, place),
       g AS (INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, geom)
         SELECT 1, gen_random_uuid(), c.id, now(), geom FROM c, place RETURNING id)
     INSERT INTO property_parcels SELECT 1, p, g.id FROM g, unnest($3::uuid[]) AS p`,
    [west, floors, propertyIds],
  );
}

const filed = (propertyId: string, declaredAreaM2: string, more: Body = {}) => ({
  propertyId,
  fy: '2026-27',
  units: [{ unitNo: 1, use: 'residential', declaredAreaM2 }],
  ...more,
});
interface Return {
  id: string;
  status: string;
  changeId: string;
  findings: { kind: string; percent: string; against: string; beyond: boolean; note: string }[];
}
const file = async (body: Body, id: string = randomUUID()) => {
  const answer = await asha.agent.put(`/api/property-returns/${id}`).send(body);
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as Return;
};
const decide = async (id: string, verb: string, body: Body) => {
  const answer = await asha.agent.post(`/api/property-returns/${id}/${verb}`).send(body);
  return { status: answer.status, body: answer.body as Return & { status: unknown } };
};

describe('a self-assessment return', () => {
  it('is checked against roll and map at once, and keeps the figures of its day', async () => {
    const { id } = await house(desk);
    await addLand([id], 2);
    const { findings } = await file(filed(id, '100'));
    expect(findings[0]).toMatchObject({
      kind: 'area-against-roll',
      against: '80.0000',
      percent: '25.0',
      beyond: true,
    });
    expect(findings[1]).toMatchObject({ kind: 'area-against-map', beyond: true, note: null });
    // 0.0001 degrees at 23.8 N: 112.86 m2 on the ellipsoid, times two floors.
    expect(Number(findings[1]?.against)).toBeCloseTo(225.72, 0);
    const [kept] = await get<Return[]>(ravi, `/api/property-returns?propertyId=${id}`);
    expect(kept?.findings).toEqual(findings);
  });

  it('says where the map cannot tell: floors assumed, land that is shared, no land', async () => {
    const [alone, shared, other, without] = await Promise.all([1, 2, 3, 4].map(() => house(desk)));
    await addLand([alone!.id], null);
    await addLand([shared!.id, other!.id], 3);
    const last = async (id: string) => (await file(filed(id, '80'))).findings.at(-1);
    expect(await last(alone!.id)).toMatchObject({ kind: 'area-against-map', note: 'floors-assumed' });
    expect(await last(shared!.id)).toMatchObject({ kind: 'map-silent', note: 'shared-land' });
    expect(await last(without!.id)).toMatchObject({ kind: 'map-silent', note: 'no-parcel' });
  });

  it('is revised by a later one of the same year, and filed once however often it is sent', async () => {
    const { id } = await house(desk);
    const first = await file(filed(id, '90'));
    await file(filed(id, '90'), first.id);
    await file(filed(id, '95'));
    const kept = await get<Return[]>(ravi, `/api/property-returns?propertyId=${id}`);
    expect(kept.map(({ status }) => status)).toEqual(['filed', 'revised']);
  });

  it('that is accepted sets what was declared, and leaves the area that taxes alone', async () => {
    const { id } = await house(desk);
    const units = [
      { unitNo: 1, use: 'commercial', declaredAreaM2: '101.25' },
      { unitNo: null, use: 'residential', floor: 'first', declaredAreaM2: '40' },
    ];
    const { id: returnId } = await file(filed(id, '1', { units }));
    const changeId = randomUUID();
    const body = { changeId, reason: 'As declared by the owner' };
    expect((await decide(returnId, 'accept', body)).body).toMatchObject({ status: 'accepted', changeId });
    expect((await decide(returnId, 'accept', { ...body, changeId: randomUUID() })).body.changeId).toBe(
      changeId,
    );
    expect((await act(asha, changeId, 'approve')).status).toBe(403);
    expect(await get(ravi, `/api/property-changes/${changeId}`)).toMatchObject({
      kind: 'return',
      document: 'Return for 2026-27',
      effectiveOn: '2026-04-01',
    });
    await act(ravi, changeId, 'approve');
    expect(await get(ravi, `/api/properties/${id}`)).toMatchObject({
      units: [
        { use: 'commercial', areaM2: '80.0000', declaredAreaM2: '101.2500' },
        { unitNo: 2, floor: 'first', areaM2: null, declaredAreaM2: '40.0000' },
      ],
    });
  });

  it('has its area adopted only for the units that the officer names', async () => {
    const { id } = await house(desk);
    const { id: returnId } = await file(filed(id, '101.2534'));
    const changeId = randomUUID();
    await decide(returnId, 'accept', { changeId, adopt: [1], reason: 'Measured and found so' });
    await act(ravi, changeId, 'approve');
    expect(await get(ravi, `/api/properties/${id}`)).toMatchObject({ units: [{ areaM2: '101.2534' }] });
  });

  it('is not accepted while another change of the property waits, and stays filed', async () => {
    const { id } = await house(desk);
    const { id: returnId } = await file(filed(id, '100'));
    await put(ravi, alter(id, [{ do: 'retire-unit', unitNo: 1 }]));
    const refused = await decide(returnId, 'accept', { changeId: randomUUID(), reason: 'As declared' });
    expect(refused.status).toBe(409);
    const [kept] = await get<Return[]>(ravi, `/api/property-returns?propertyId=${id}`);
    expect(kept).toMatchObject({ status: 'filed', changeId: null });
  });

  it('may be turned down with a reason, once', async () => {
    const { id } = await house(desk);
    const { id: returnId } = await file(filed(id, '10'));
    const reason = 'The plan shows a second floor';
    expect((await decide(returnId, 'reject', { reason })).body).toMatchObject({ status: 'rejected' });
    expect((await decide(returnId, 'reject', { reason })).status).toBe(409);
  });

  it.each([
    ['a negative area', { unitNo: 1, use: 'residential', declaredAreaM2: '-4' }],
    ['an area of nothing', { unitNo: 1, use: 'residential', declaredAreaM2: '0' }],
    ['an enormous area', { unitNo: 1, use: 'residential', declaredAreaM2: '1000001' }],
    ['no use', { unitNo: 1, declaredAreaM2: '40' }],
  ])('with %s is refused', async (_, unit) => {
    const { id } = await house(desk);
    const answer = await asha.agent
      .put(`/api/property-returns/${randomUUID()}`)
      .send(filed(id, '1', { units: [unit] }));
    expect(answer.status).toBe(400);
  });
});
