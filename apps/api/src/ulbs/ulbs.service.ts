import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { Audit } from '../platform/audit/audit.js';
import { Config } from '../platform/config.js';
import { ownerDataSource } from '../platform/database/data-source.js';
import { Database } from '../platform/database/database.js';
import type { Context } from '../platform/database/tx.js';
import { type Tenant, Tenants } from '../platform/tenant/tenants.js';
import { UlbsRepository } from './ulbs.repository.js';
import { newUlb, type NewUlb, type WardAt, type WardView } from './ulbs.schema.js';

/** Municipalities and their wards. */
@Injectable()
export class UlbsService {
  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly tenants: Tenants,
    private readonly repository: UlbsRepository,
    private readonly audit: Audit,
  ) {}

  async list(): Promise<Tenant[]> {
    return this.tenants.list();
  }

  /**
   * Makes a municipality and returns its number. Uses the owner's connection, since requests may only read
   * the list: it is for the command line. Throws `ulb-invalid` with every fault, or `ulb-exists`.
   */
  async create(ctx: Context, asked: NewUlb): Promise<number> {
    const checked = newUlb.safeParse(asked);
    if (!checked.success) {
      const faults = checked.error.issues.map((issue) => ({
        where: issue.path.join('.'),
        message: issue.message,
      }));
      const errors = faults.map((fault) => ({
        ...fault,
        value: (asked as Record<string, unknown>)[fault.where],
      }));
      const detail = faults.map(({ where, message }) => `${where}: ${message}`).join('; ');
      throw new Problem(400, 'ulb-invalid', `The municipality is not as it must be. ${detail}`, errors);
    }
    const ulb = { ...checked.data, nameLocal: checked.data.nameLocal ?? null };
    const ulbId = await this.insertAsOwner(ctx, ulb);
    if (ulbId === null) {
      throw new Problem(409, 'ulb-exists', `There is a municipality with the code ${ulb.code} already.`);
    }
    await this.database.write({ ...ctx, ulbId }, (tx) =>
      this.audit.record(tx, { action: 'create', noun: 'ulb', nounId: ulb.code, after: ulb }),
    );
    this.tenants.forget();
    return ulbId;
  }

  async wardAt(ctx: Context, { lon, lat, on }: WardAt): Promise<WardView> {
    const day = on ?? ctx.now.toISOString().slice(0, 10);
    const row = await this.database.read(ctx, (tx) => this.repository.wardAt(tx, lon, lat, day));
    if (!row) throw new Problem(404, 'no-ward', `No ward had ${lon}, ${lat} on ${day}.`);
    const { number, name, name_local: nameLocal, from_day: from, to_day: to } = row;
    return { number, name, nameLocal, effective: { from, to } };
  }

  private async insertAsOwner(
    ctx: Context,
    ulb: Parameters<UlbsRepository['insert']>[1],
  ): Promise<number | null> {
    const owner = await (await ownerDataSource(this.config)).initialize();
    try {
      return await new Database(owner).write({ ...ctx, ulbId: 0 }, (tx) => this.repository.insert(tx, ulb));
    } finally {
      await owner.destroy();
    }
  }
}
