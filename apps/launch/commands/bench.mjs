// npm run bench: measures on servers of its own, with the durability that a town would run with.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applicationEnv } from '../application.mjs';
import { checkout } from '../places.mjs';
import { build, installDependencies } from '../prepare.mjs';
import { LaunchError, runShown } from '../processes.mjs';
import { startServices } from '../services.mjs';
import { runSession } from '../session.mjs';

const MAIN = join(checkout, 'dist/test/bench/main.js');

await runSession({}, async (session) => {
  const dataDir = join(checkout, '.data/bench');
  await installDependencies(session);
  session.check();
  await build(session);
  if (!existsSync(MAIN)) throw new LaunchError('There is nothing to measure: test/bench/main.ts is missing.');
  const starting = startServices({ dataDir, durable: true, log: session.log });
  session.atEnd(async () => (await starting.catch(() => undefined))?.stop());
  const env = applicationEnv(await starting);
  session.check();
  return runShown(process.execPath, [MAIN, ...process.argv.slice(2)], {
    cwd: checkout,
    env,
    onStart: session.own,
  });
});
