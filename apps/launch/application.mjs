// The application's own processes: its environment, its commands, the API and the worker.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { checkout } from './places.mjs';
import {
  LaunchError,
  describeProcess,
  endProcess,
  isAlive,
  isSameProcess,
  lastLines,
  poll,
  runQuiet,
  startDetached,
} from './processes.mjs';

const SOURCES = join(checkout, 'dist/apps/api/src');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 15_000;

/** The environment for the application's processes: ours, and where the services are. */
export function applicationEnv(services, more = {}) {
  return {
    ...process.env,
    NODE_ENV: 'production',
    PATH: [services.pgBin, process.env.PATH].filter(Boolean).join(delimiter),
    DATABASE_URL: services.databaseUrl,
    REDIS_URL: services.redisUrl,
    JARIB_DATA_DIR: services.dataDir,
    ...more,
  };
}

/**
 * Runs `jarib ...args` to its end and returns what it printed. Throws LaunchError with that when it fails.
 */
export async function runCommand(args, env, session) {
  const options = { cwd: checkout, env, detached: true, onStart: session.own };
  const run = await runQuiet(process.execPath, [join(SOURCES, 'cli.js'), ...args], options);
  session.check();
  if (run.code === 0) return run.output;
  throw new LaunchError(`"jarib ${args.join(' ')}" failed (exit code ${run.code}):\n${run.output.trim()}`);
}

/** The path of the `jarib` command's compiled file. */
export const commandFile = join(SOURCES, 'cli.js');

/**
 * Makes this process the one launcher of `dataDir`: refuses when another one runs, and ends what one that was
 * killed left behind. Resolves to `{ write(address, children), release() }`: what is written is what the next
 * launcher would have to end.
 */
export async function claimApplication(dataDir) {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'application.json');
  const left = readClaim(file, dataDir);
  if (isSameProcess(left.launcher)) {
    throw new LaunchError(
      `Jarib already runs from this checkout: ${left.address} (process ${left.launcher.pid}).`,
    );
  }
  await Promise.all(left.processes.filter(isSameProcess).map(({ pid }) => endApplication(pid)));
  const write = (address, children) => {
    const processes = children.map((child) => describeProcess(child.pid));
    writeFileSync(
      file,
      JSON.stringify({ place: dataDir, launcher: describeProcess(process.pid), address, processes }),
    );
  };
  return { write, release: () => rmSync(file, { force: true }) };
}

/** Starts the API or the worker; its output goes to `<dataDir>/log/<name>.log`. */
export function startApplication(name, { dataDir, env }) {
  const file = join(SOURCES, { api: 'main.js', worker: 'worker.js' }[name]);
  const logFile = join(dataDir, 'log', `${name}.log`);
  rmSync(logFile, { force: true });
  const child = startDetached(process.execPath, ['--enable-source-maps', file], {
    cwd: checkout,
    env,
    logFile,
  });
  const ended = new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`)),
  );
  return { name, child, pid: child.pid, logFile, ended };
}

/** Ends one of them: it finishes what it does, then whatever it started itself ends with it. */
export async function endApplication(pid) {
  await endProcess(pid, { timeoutMs: STOP_TIMEOUT_MS });
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing of its group is left, which is the usual case.
  }
}

/**
 * Waits until the API answers GET /health with 200. Throws LaunchError with the log's end when it does not.
 */
export async function awaitHealth(api, address, session) {
  const answer = await poll(async () => {
    session.check();
    if (!isAlive(api.pid) || api.child.exitCode !== null) return 'ended';
    const response = await fetch(`${address}/health`).catch(() => undefined);
    await response?.body?.cancel();
    return response?.ok && 'healthy';
  }, START_TIMEOUT_MS);
  if (answer === 'healthy') return;
  throw new LaunchError(`The API did not come up. The end of ${api.logFile}:\n${lastLines(api.logFile)}`);
}

// In a copied directory the original's processes are none of ours.
function readClaim(file, dataDir) {
  const claim = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  return claim?.place === dataDir ? claim : { processes: [] };
}
