import { Injectable } from '@nestjs/common';
import { now } from '../../clock.js';
import { Config } from '../../config.js';
import { ownerDataSource } from '../../database/data-source.js';
import { Database } from '../../database/database.js';
import { systemActor, type Context } from '../../database/tx.js';
import { limits } from '../../limits.js';
import { RedisClient } from '../../redis.js';
import { HealthRepository } from './health.repository.js';

export interface Health {
  /** `degraded` serves, slowly; `down` does not. */
  status: 'ready' | 'degraded' | 'down';
  /** `ok`, or what is wrong and what to do. */
  checks: Record<'database' | 'tenancy' | 'spatialIndex' | 'migrations' | 'redis', string>;
}

const ok = 'ok';

/** Whether this process can serve. Asked by everybody, so it is looked up at most once a second. */
@Injectable()
export class HealthService {
  private last: { untilMs: number; health: Promise<Health> } | null = null;
  private expected: Promise<string[]> | null = null;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly redis: RedisClient,
    private readonly repository: HealthRepository,
  ) {}

  async health(): Promise<Health> {
    if (!this.last || this.last.untilMs < performance.now()) {
      this.last = { untilMs: performance.now() + limits.healthCacheMs, health: this.look() };
    }
    return this.last.health;
  }

  private async look(): Promise<Health> {
    const [database, redis] = await Promise.all([this.lookAtDatabase(), this.lookAtRedis()]);
    const checks = { ...database, redis };
    const down = [checks.database, checks.tenancy, checks.migrations, checks.redis].some(
      (check) => check !== ok,
    );
    const status = down ? 'down' : checks.spatialIndex === ok ? 'ready' : 'degraded';
    return { status, checks };
  }

  private async lookAtDatabase(): Promise<Omit<Health['checks'], 'redis'>> {
    const ctx: Context = {
      actor: systemActor,
      ulbId: 0,
      now: now(),
    };
    try {
      const options = { statementTimeoutMs: limits.healthTimeoutMs };
      const state = await this.database.read(ctx, (tx) => this.repository.state(tx), options);
      this.expected ??= migrationNames(this.config);
      const applied = new Set(state.migrations);
      const missing = (await this.expected).filter((name) => !applied.has(name));
      return {
        database: ok,
        tenancy: state.passes ? 'the role of the application may pass row-level security' : ok,
        spatialIndex: state.leakproof
          ? ok
          : 'boxes scan: a superuser must run ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF',
        migrations: missing.length ? `missing: ${missing.join(', ')}; run jarib migrate` : ok,
      };
    } catch {
      // The words of the driver may name hosts and users: they are in the log of who asked, not here.
      return {
        database: 'does not answer',
        tenancy: 'unknown',
        spatialIndex: 'unknown',
        migrations: 'unknown',
      };
    }
  }

  private async lookAtRedis(): Promise<string> {
    return this.redis.redis.ping().then(
      () => ok,
      () => 'does not answer',
    );
  }
}

async function migrationNames(config: Config): Promise<string[]> {
  const { migrations } = (await ownerDataSource(config)).options;
  return (migrations as (new () => object)[]).map((migration) => migration.name);
}
