import { randomUUID } from 'node:crypto';
import { ImportModule } from '../../apps/api/src/map/import/import.module.js';
import { MapModule } from '../../apps/api/src/map/map.module.js';
import { parcelLayers } from '../../apps/api/src/parcels/parcels.layer.js';
import { ParcelsModule } from '../../apps/api/src/parcels/parcels.module.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { SearchModule } from '../../apps/api/src/search/search.module.js';
import { ulbLayers } from '../../apps/api/src/ulbs/ulbs.layer.js';
import { addProperties } from './assessment.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from './database.js';
import { type SignedIn, signInAs, startTestServer, type TestServer } from './server.js';

export type Body = Record<string, unknown>;
export interface Answer {
  status: number;
  body: {
    detail?: string;
    type?: string;
    errors?: { where: string; message: string; value?: unknown }[];
    [name: string]: unknown;
  };
}

/** A server with the property file, and people: two officers, one of ward 2 alone, a surveyor who may only read. */
export interface Desk {
  db: TestDatabase;
  server: TestServer;
  ctx: Context;
  asha: SignedIn;
  ravi: SignedIn;
  ward2: SignedIn;
  surveyor: SignedIn;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const db = await createTestDatabase();
  const ctx = await createTestUlb(db, 1);
  const layers = [...ulbLayers, ...parcelLayers];
  const server = await startTestServer(db, [
    MapModule.with(layers),
    ImportModule,
    SearchModule,
    ParcelsModule,
  ]);
  return {
    db,
    server,
    ctx,
    asha: await signInAs(server, ctx, 'revenue-officer', { login: 'asha' }),
    ravi: await signInAs(server, ctx, 'revenue-officer', { login: 'ravi' }),
    ward2: await signInAs(server, ctx, 'revenue-officer', { login: 'ward-two', wardNumbers: ['2'] }),
    surveyor: await signInAs(server, ctx, 'surveyor'),
    async close() {
      await server.close();
      await db.drop();
    },
  };
}

/** The last word of a problem's type, such as `change-open`. */
export const kindOf = ({ body }: Answer) => body.type?.split(':').pop();

/** Sends a change to be checked; `submit: false` keeps it as a draft. */
export async function put(
  who: SignedIn,
  body: Body,
  id: string = randomUUID(),
): Promise<Answer & { id: string }> {
  const answer = await who.agent.put(`/api/property-changes/${id}`).send({ submit: true, ...body });
  return { id, status: answer.status, body: answer.body as Answer['body'] };
}

export async function act(who: SignedIn, id: string, verb: string, body: Body = {}): Promise<Answer> {
  const answer = await who.agent.post(`/api/property-changes/${id}/${verb}`).send(body);
  return { status: answer.status, body: answer.body as Answer['body'] };
}

export async function get<T = Answer['body']>(who: SignedIn, path: string): Promise<T> {
  const answer = await who.agent.get(path);
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  return answer.body as T;
}

let numbers = 0;
/** A house of one unit and one owner, put on the roll past the property file. */
export async function house({ db, ctx }: Desk, ward = '1', owner = 'Ravi Tripathi') {
  const number = `H-${String((numbers += 1)).padStart(3, '0')}`;
  const units = [{ use: 'residential', areaM2: 80 }];
  const now = new Date(ctx.now.getTime() + numbers * 1000);
  const [id] = await addProperties(db, { ...ctx, now }, [{ number, ward, units, owner }]);
  return { id: id as string, number };
}

export const alter = (propertyId: string, operations: Body[], more: Body = {}) => ({
  propertyId,
  baseVersion: 1,
  effectiveOn: '2026-10-01',
  document: 'Order 12 of 1 Oct 2026',
  reason: 'Inspection of the ward',
  operations,
  ...more,
});

export const toShop = { do: 'alter-unit', unitNo: 1, set: { use: 'commercial' } };

/** A three-floor house that is not on the roll yet. */
export const newHouse = (number: string, more: Body = {}) => ({
  propertyId: randomUUID(),
  baseVersion: 0,
  effectiveOn: '2026-04-01',
  reason: 'Found in the survey of the ward',
  operations: [
    { do: 'create-property', number, wardNumber: '1', address: '12 Katra', noParcelReason: 'not_mapped' },
    ...['ground', 'first', 'second'].map((floor) => ({
      do: 'add-unit',
      floor,
      use: 'residential',
      occupancy: 'self',
      structure: 'pucca',
      areaM2: '60.5',
    })),
    { do: 'add-owner', name: 'Sita Jain', nameLocal: 'सीता जैन', mobile: '98765 41234', share: '1/2' },
    { do: 'add-owner', name: 'Mohan Jain', share: '50%' },
  ],
  ...more,
});
