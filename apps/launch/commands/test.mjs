// npm test: brings up a database, a Redis and a browser of the tests' own, runs Jest, and reports its count
// in one line.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { applicationEnv } from '../application.mjs';
import { checkout } from '../places.mjs';
import { build, installDependencies } from '../prepare.mjs';
import { findChromium } from '../programs.mjs';
import { runShown } from '../processes.mjs';
import { startServices } from '../services.mjs';
import { runSession } from '../session.mjs';

await runSession({}, async (session) => {
  const dataDir = join(checkout, '.data/test');
  await installDependencies(session);
  session.check();
  const starting = startServices({ dataDir, durable: false, chromium: true, log: session.log });
  session.atEnd(async () => (await starting.catch(() => undefined))?.stop());
  const outcomes = await Promise.allSettled([starting, build(session)]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  session.check();
  const resultFile = join(dataDir, `jest-${process.pid}.json`);
  session.log('running the tests');
  const code = await runJest(await starting, resultFile, session);
  reportCount(resultFile);
  return code;
});

async function runJest(services, resultFile, session) {
  const env = applicationEnv(services, {
    NODE_ENV: 'test',
    JARIB_TEST: '1',
    JARIB_TEST_SERVICES: join(services.dataDir, 'services.json'),
    CHROMIUM_PATH: findChromium(),
  });
  const jest = [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
  ];
  const args = [...jest, '--json', `--outputFile=${resultFile}`, ...process.argv.slice(2)];
  return runShown(process.execPath, args, { cwd: checkout, env, onStart: session.own });
}

// A file that does not even load has no test that could fail, so it counts as one failure itself.
function reportCount(resultFile) {
  if (!existsSync(resultFile)) return;
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  rmSync(resultFile);
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const skipped = result.numPendingTests + result.numTodoTests;
  process.stdout.write(`\n${result.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`);
}
