import type { Tx } from '../../platform/database/tx.js';

/**
 * Runs statements that join units or owners to a list of properties by hash. A loop would look each property up in the
 * index of the exclusion constraint, which the planner believes to be cheap and which reads a thousand pages a look:
 * twelve seconds for a ward that a scan of the whole table gives in a tenth of one.
 */
export async function hashed<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  await tx.run("SELECT set_config('enable_nestloop', 'off', true)");
  const result = await work();
  await tx.run("SELECT set_config('enable_nestloop', 'on', true)");
  return result;
}
