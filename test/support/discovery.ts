import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService } from '../../apps/api/src/discovery/run/run.service.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { JobRunner } from '../../apps/api/src/platform/queue/runner.js';
import type { TestDatabase } from './database.js';

/** Does the jobs of a kind that wait in a municipality until none is left. */
export async function work(
  db: TestDatabase,
  app: INestApplicationContext,
  ctx: Context,
  names = 'discovery.%',
): Promise<void> {
  const runner = app.get(JobRunner, { strict: false });
  for (;;) {
    const { rows } = await db.owner.query<{ id: string }>(
      `SELECT id FROM jobs WHERE ulb_id = $1 AND status = 'pending' AND name LIKE $2 ORDER BY id`,
      [ctx.ulbId, names],
    );
    if (!rows.length) return;
    for (const { id } of rows) await runner.run(ctx.ulbId, id);
  }
}

/** A whole discovery run, with what it counted. Throws where it did not come to its end. */
export async function discovered(
  db: TestDatabase,
  app: INestApplicationContext,
  ctx: Context,
  wardNumbers?: string[],
) {
  const service = app.get(DiscoveryService, { strict: false });
  const { id } = await service.start(ctx, { fy: 2026, effectiveOn: '2026-04-15', wardNumbers });
  await work(db, app, ctx);
  const run = await service.get(ctx, id);
  if (run.status !== 'done') throw new Error(`Discovery ended as ${run.status}: ${run.error}`);
  return run;
}
