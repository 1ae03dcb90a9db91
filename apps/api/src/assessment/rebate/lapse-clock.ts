import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { now } from '../../platform/clock.js';
import { systemActor } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { Log } from '../../platform/log.js';
import { Tenants } from '../../platform/tenant/tenants.js';
import { LapseService } from './lapse.service.js';

/** Lets rebates lapse, municipality by municipality, soon after the day has begun. Started by worker.ts only; several may run. */
@Injectable()
export class LapseClock implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;

  constructor(
    private readonly tenants: Tenants,
    private readonly lapses: LapseService,
    private readonly log: Log,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.lapseAll(), limits.lapseEveryMs);
    void this.lapseAll();
  }

  /** A fault in one municipality does not hold up the next. */
  async lapseAll(): Promise<void> {
    this.running ??= this.lapseEach().finally(() => (this.running = null));
    await this.running;
  }

  private async lapseEach(): Promise<void> {
    const tenants = await this.tenants.list().catch(() => []);
    for (const { ulbId } of tenants) {
      try {
        await this.lapses.lapse({ actor: systemActor, ulbId, now: now() });
      } catch (error) {
        this.log.warn({ ulb: ulbId, err: error as Error }, 'rebates were not looked through for lapses');
      }
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }
}
