import type { INestApplicationContext } from '@nestjs/common';
import { readFile } from 'node:fs/promises';
import type { TownTable } from '../../../../geodata/tables.js';
import { wardCount, wardNumber } from '../../../../geodata/plan.js';
import { demoTown, generateTown } from '../../../../geodata/town.js';
import { TariffFilesService } from '../assessment/tariff-files/tariff-files.service.js';
import { Problem } from '../core/problem.js';
import { Audit } from '../platform/audit/audit.js';
import { UsersService } from '../platform/auth/account/users.service.js';
import { permissions, type Role } from '../platform/auth/permissions.js';
import { now } from '../platform/clock.js';
import { Config } from '../platform/config.js';
import { ownerDataSource } from '../platform/database/data-source.js';
import { Database } from '../platform/database/database.js';
import type { Context, Tx } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import { UlbsService } from '../ulbs/ulbs.service.js';
import { demoRepository } from './demo.repository.js';

export interface DemoOptions {
  properties?: number;
  seed?: number;
  /** Does nothing where there is any municipality with a roll, or another one than the demo town. */
  ifEmpty?: boolean;
  /** Called in the transaction that loads the town, after its rows: fills what is derived from them. */
  derive?: (tx: Tx) => Promise<void>;
}

export interface DemoResult {
  ulbId: number;
  code: string;
  rows: Record<TownTable, number>;
}

/**
 * For the demo town only, and printed by `jarib demo --logins`: never make such an account in a real
 * municipality.
 */
const demoPassword = 'neem-shade-at-noon';

const people: { login: string; name: string; role: Role; wards?: number }[] = [
  { login: 'admin', name: 'Meera Joshi', role: 'administrator' },
  { login: 'commissioner', name: 'Arvind Deshmukh', role: 'commissioner' },
  { login: 'revenue', name: 'Sunita Tiwari', role: 'revenue-officer' },
  // The work of one officer is checked by another.
  { login: 'checker', name: 'Nirmala Jain', role: 'revenue-officer' },
  { login: 'cashier', name: 'Ramesh Sahu', role: 'cashier' },
  { login: 'surveyor', name: 'Imran Qureshi', role: 'surveyor' },
  { login: 'roads', name: 'Pankaj Jain', role: 'road-engineer' },
  { login: 'lights', name: 'Kavita Raikwar', role: 'lighting-engineer' },
  { login: 'ward', name: 'Deepak Ahirwar', role: 'ward-officer', wards: 2 },
];

/** At least one account a role, with the password that all of them have. */
export const demoLogins: readonly { ulb: string; login: string; password: string; role: Role }[] = people.map(
  ({ login, role }) => ({ ulb: demoTown.code, login, password: demoPassword, role }),
);

/** The day on which the demo town was recorded. Fixed, so that everybody's demo town is the same. */
const recordedOn = '2026-04-01';

const tariffFile = new URL('../../../../tariffs/in-mp/demo/assessment/2026-27.yaml', import.meta.url);
/** The built program stands one folder deeper, in dist/; tariffs are data and stay where they are. */
const tariffFileOfBuild = new URL(
  '../../../../../tariffs/in-mp/demo/assessment/2026-27.yaml',
  import.meta.url,
);

/**
 * Makes the municipality `nagarpur` with a generated town, the demo tariff and one account a role. All rows
 * of the town come in one transaction. Null where `ifEmpty` found something already; without it a loaded
 * town is `demo-exists`.
 */
export async function loadDemo(
  app: INestApplicationContext,
  options: DemoOptions = {},
): Promise<DemoResult | null> {
  const { properties = 2_000, seed = 7 } = options;
  const database = app.get(Database, { strict: false });
  const found = await app.get(UlbsService, { strict: false }).list();
  if (options.ifEmpty && found.some(({ code }) => code !== demoTown.code)) return null;
  const there = found.find(({ code }) => code === demoTown.code);
  const ulbId = there?.ulbId ?? (await createUlb(app));
  const ctx = demoContext(ulbId);
  const isEmpty = await database.read(ctx, (tx) => demoRepository.isEmpty(tx));
  if (!isEmpty && options.ifEmpty) return null;
  if (!isEmpty) {
    const detail = `The demo town ${demoTown.code} is loaded already. A new one needs an empty database.`;
    throw new Problem(409, 'demo-exists', detail);
  }
  const rows = await database.write(
    ctx,
    async (tx) => {
      await demoRepository.stage(tx);
      const town = generateTown({ seed, properties, ulbId, origin: demoTown.origin, today: recordedOn });
      for (const chunk of town) await demoRepository.copy(tx, chunk);
      const inserted = await demoRepository.insert(tx);
      await options.derive?.(tx);
      const after = { seed, properties, rows: inserted };
      await app.get(Audit, { strict: false }).record(tx, { action: 'load', noun: 'demo', after });
      return inserted;
    },
    { statementTimeoutMs: limits.jobStatementTimeoutMs },
  );
  await analyze(app.get(Config, { strict: false }), ctx);
  await installTariff(app, ctx);
  await createPeople(app, ctx, wardCount(properties));
  return { ulbId, code: demoTown.code, rows };
}

function createUlb(app: INestApplicationContext): Promise<number> {
  const { code, name, nameLocal, utmSrid } = demoTown;
  return app.get(UlbsService, { strict: false }).create(demoContext(0), { code, name, nameLocal, utmSrid });
}

async function analyze(config: Config, ctx: Context): Promise<void> {
  const owner = await (await ownerDataSource(config)).initialize();
  try {
    await new Database(owner).write(ctx, (tx) => demoRepository.analyze(tx), {
      statementTimeoutMs: limits.jobStatementTimeoutMs,
    });
  } finally {
    await owner.destroy();
  }
}

async function installTariff(app: INestApplicationContext, ctx: Context): Promise<void> {
  const yaml = await readFile(tariffFile, 'utf8').catch(() => readFile(tariffFileOfBuild, 'utf8'));
  await app
    .get(TariffFilesService, { strict: false })
    .install(ctx, yaml, 'in-mp/demo/assessment/2026-27.yaml');
}

/** An account that a broken-off load left behind stays as it is. */
async function createPeople(app: INestApplicationContext, ctx: Context, wards: number): Promise<void> {
  const users = app.get(UsersService, { strict: false });
  const there = new Set((await users.list(ctx)).map(({ login }) => login));
  const missing = people.filter(({ login }) => !there.has(login));
  await Promise.all(
    missing.map(({ wards: first, ...person }) => {
      const wardNumbers = first
        ? Array.from({ length: first }, (_, index) => wardNumber(index, wards))
        : null;
      return users.create(ctx, { ...person, wardNumbers, password: demoPassword });
    }),
  );
}

function demoContext(ulbId: number): Context {
  const actor = {
    id: null,
    login: 'jarib-demo',
    permissions: new Set<string>(permissions),
    wardNumbers: null,
  };
  return { actor, ulbId, now: now() };
}
