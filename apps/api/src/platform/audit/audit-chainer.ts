import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { now } from '../clock.js';
import { Database } from '../database/database.js';
import { systemActor } from '../database/tx.js';
import { limits } from '../limits.js';
import { Log } from '../log.js';
import { Tenants } from '../tenant/tenants.js';
import { AuditChain } from './audit-chain.js';

/** Extends every municipality's chain now and then. Started by worker.ts only; several may run. */
@Injectable()
export class AuditChainer implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly tenants: Tenants,
    private readonly chain: AuditChain,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.extendAll(), limits.auditChainEveryMs);
  }

  /** Chains all that waits. A fault in one municipality does not hold up the next. */
  async extendAll(): Promise<void> {
    this.running ??= this.extendEach().finally(() => (this.running = null));
    await this.running;
  }

  private async extendEach(): Promise<void> {
    try {
      for (const { ulbId } of await this.tenants.list()) await this.extendOne(ulbId);
    } catch (error) {
      this.log.warn({ err: error as Error }, 'audit chain not extended');
    }
  }

  private async extendOne(ulbId: number): Promise<void> {
    try {
      const extend = () =>
        this.database.write({ actor: systemActor, ulbId, now: now() }, (tx) => this.chain.extend(tx));
      while ((await extend()) > 0);
    } catch (error) {
      this.log.warn({ ulb: ulbId, err: error as Error }, 'audit chain not extended');
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }
}
