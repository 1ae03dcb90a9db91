import { Injectable } from '@nestjs/common';
import { now } from '../clock.js';
import { Database } from '../database/database.js';
import { systemActor, type Context } from '../database/tx.js';
import { limits } from '../limits.js';
import { type TenantRow, TenantsRepository } from './tenants.repository.js';

/** A municipality as everybody may know it. */
export interface Tenant {
  ulbId: number;
  code: string;
  name: string;
  nameLocal: string | null;
  languages: string[];
  /** West, south, east, north in degrees; null before there are wards. */
  bbox: [number, number, number, number] | null;
}

const shape = /^[a-z][a-z0-9-]{1,39}$/;

/** The list of municipalities, at most a minute old. */
@Injectable()
export class Tenants {
  private readonly cached = new Map<string, { tenant: Tenant; untilMs: number }>();
  private listed: { codes: string[]; untilMs: number } | null = null;

  constructor(
    private readonly database: Database,
    private readonly repository: TenantsRepository,
  ) {}

  async list(): Promise<Tenant[]> {
    if (!this.listed || this.listed.untilMs < performance.now()) {
      const rows = await this.database.read(contextOf(0), (tx) => this.repository.all(tx));
      for (const row of rows) if (!this.held(row.code)) await this.keep(row);
      this.listed = {
        codes: rows.map((row) => row.code),
        untilMs: performance.now() + limits.ulbListCacheMs,
      };
    }
    return this.listed.codes.flatMap((code) => this.cached.get(code)?.tenant ?? []);
  }

  /** Null for a code that no municipality has. */
  async byCode(code: string): Promise<Tenant | null> {
    if (!shape.test(code)) return null;
    const held = this.held(code);
    if (held) return held;
    const row = await this.database.read(contextOf(0), (tx) => this.repository.byCode(tx, code));
    return row ? this.keep(row) : null;
  }

  /** After a municipality or its wards changed in this process. */
  forget(): void {
    this.cached.clear();
    this.listed = null;
  }

  private held(code: string): Tenant | null {
    const entry = this.cached.get(code);
    return entry && entry.untilMs >= performance.now() ? entry.tenant : null;
  }

  private async keep(row: TenantRow): Promise<Tenant> {
    const bbox = await this.database.read(contextOf(row.ulb_id), (tx) => this.repository.bbox(tx));
    const { ulb_id: ulbId, code, name, name_local: nameLocal, languages } = row;
    const tenant: Tenant = { ulbId, code, name, nameLocal, languages, bbox };
    this.cached.set(code, { tenant, untilMs: performance.now() + limits.ulbListCacheMs });
    return tenant;
  }
}

function contextOf(ulbId: number): Context {
  return { actor: systemActor, ulbId, now: now() };
}
