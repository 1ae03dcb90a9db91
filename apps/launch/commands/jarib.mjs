// The `jarib` command from a checkout: finds the database of `npm start`, or starts it for the length of the
// command.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applicationEnv, commandFile } from '../application.mjs';
import { checkout, dataDirectory } from '../places.mjs';
import { build, installDependencies, isBuilt } from '../prepare.mjs';
import { runShown } from '../processes.mjs';
import { startServices } from '../services.mjs';
import { runSession } from '../session.mjs';

// Standard output belongs to the command alone; what the launcher has to say goes to standard error.
await runSession({ stream: process.stderr }, async (session) => {
  if (existsSync(join(checkout, '.env'))) process.loadEnvFile(join(checkout, '.env'));
  if (!isBuilt()) {
    await installDependencies(session);
    session.check();
    await build(session);
  }
  const starting = startServices({ dataDir: dataDirectory(), durable: true });
  session.atEnd(async () => (await starting.catch(() => undefined))?.stop());
  const env = applicationEnv(await starting);
  session.check();
  const args = ['--enable-source-maps', commandFile, ...process.argv.slice(2)];
  return runShown(process.execPath, args, { env, onStart: session.own });
});
