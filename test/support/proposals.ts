import type { AddressInfo } from 'node:net';
import { AppModule } from '../../apps/api/src/app.module.js';
import { TariffFilesService } from '../../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import { createServer } from '../../apps/api/src/platform/http/server.js';
import { addProperties, smallTariff } from './assessment.js';
import { createTestDatabase, createTestUlb } from './database.js';
import { type SignedIn, signInAs, type TestServer } from './server.js';

/** The small tariff with a case: 100 m2 of dwelling at 10 are 1,000, and the cess a tenth. */
export const withCase = smallTariff().concat(`cases:
  # Reckoned by hand.
  - name: A house of 100 m2
    kind: computed
    given: {units: [{area: 100, use: residential}]}
    expect: {property_tax: 1000, cess: 100}
`);
/** A proposal as it is answered: what a test reads of it. */
export interface Draft {
  id: string;
  version: number;
  source: string;
  status: string;
}

/** A municipality with the small tariff in force, one house, two officers and a commissioner. */
export async function openProposals() {
  const db = await createTestDatabase();
  const ctx = await createTestUlb(db, 1);
  const app = await createServer(db.config, AppModule.with(db.config) as never);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const server: TestServer = { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
  const installed = await app.get(TariffFilesService, { strict: false }).install(ctx, withCase, 'small.yaml');
  const officer = await signInAs(server, ctx, 'revenue-officer');
  const colleague = await signInAs(server, ctx, 'revenue-officer', { login: 'colleague' });
  const commissioner = await signInAs(server, ctx, 'commissioner');
  await addProperties(db, ctx, [{ number: 'H1', ward: '1', units: [{ use: 'residential', areaM2: 50 }] }]);
  return { db, server, ctx, officer, colleague, commissioner, base: installed.sha256 };
}

export const at = (id: string, act = '') => `/api/tariff-proposals/${id}${act}`;

export function patch(who: SignedIn, { id, version }: Pick<Draft, 'id' | 'version'>, edits: object[]) {
  return who.agent.patch(at(id)).set('if-match', `"${version}"`).send({ edits });
}

export const act = (who: SignedIn, { id, version }: Pick<Draft, 'id' | 'version'>, what: string, body = {}) =>
  who.agent
    .post(at(id, `/${what}`))
    .set('if-match', `"${version}"`)
    .send(body);
