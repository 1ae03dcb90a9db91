// npm start: everything from a fresh checkout to a running Jarib, and back to nothing at Ctrl-C.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import {
  applicationEnv,
  awaitHealth,
  claimApplication,
  endApplication,
  runCommand,
  startApplication,
} from '../application.mjs';
import { checkout, dataDirectory, isPortFree } from '../places.mjs';
import { build, installDependencies } from '../prepare.mjs';
import { LaunchError, lastLines } from '../processes.mjs';
import { startServices } from '../services.mjs';
import { runSession } from '../session.mjs';
import { alone } from '../users.mjs';

const DEFAULT_PORT = 3000;
// What stands for this machine itself: people type localhost for each of these.
const LOCAL_HOSTS = new Set(['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost']);
const WATCH_MS = 2_000;

await runSession({ exitOnSignal: () => 0 }, async (session) => {
  readEnvFile();
  const port = readPort();
  const host = process.env.HOST || '127.0.0.1';
  const address = `http://${LOCAL_HOSTS.has(host) ? 'localhost' : host}:${port}`;
  const dataDir = dataDirectory();
  const claim = await alone(dataDir, 'start', async () => {
    const claimed = await claimApplication(dataDir);
    claimed.write(address, []);
    return claimed;
  });
  session.atEnd(async () => claim.release());
  await assertPortFree(port, host);
  await installDependencies(session);
  session.check();
  const services = await prepareBoth(dataDir, session);
  const env = applicationEnv(services, { HOST: host, PORT: String(port) });
  session.log('bringing the database up to date');
  await runCommand(['migrate'], env, session);
  await runCommand(['demo', '--if-empty'], env, session);
  const children = startBoth({ dataDir, env, session });
  claim.write(address, children);
  const logins = runCommand(['demo', '--logins'], env, session).catch(() => '');
  await awaitHealth(children[0], address.replace('localhost', '127.0.0.1'), session);
  printWelcome({ address, dataDir, logins: await logins, session });
  return watch({ children, services, session });
});

// A build and the start of the servers do not wait for each other, and what began is always noted for the
// end.
async function prepareBoth(dataDir, session) {
  const starting = startServices({ dataDir, durable: true, log: session.log });
  session.atEnd(async () => (await starting.catch(() => undefined))?.stop());
  const [services, built] = await Promise.allSettled([starting, build(session)]);
  for (const outcome of [services, built]) if (outcome.status === 'rejected') throw outcome.reason;
  session.check();
  return services.value;
}

function startBoth({ dataDir, env, session }) {
  session.log('starting the API and the worker');
  const children = ['api', 'worker'].map((name) => startApplication(name, { dataDir, env }));
  session.atEnd(async () => {
    process.stdout.write('\nStopping ...\n');
    await Promise.all(children.map((child) => endApplication(child.pid)));
  });
  return children;
}

// Nothing is started again by itself: what ends without being told to has a fault that somebody must see.
async function watch({ children, services, session }) {
  let timer;
  const lost = new Promise((resolve) => {
    timer = setInterval(() => services.lost() && resolve({ logFile: services.lost().logFile }), WATCH_MS);
  });
  const ends = children.map((child) => child.ended.then((how) => ({ how, ...child })));
  const end = await Promise.race([session.interrupted, lost, ...ends]);
  clearInterval(timer);
  if (session.signal) return 0;
  const what = end.name
    ? `The ${end.name} process ended by itself (${end.how})`
    : 'PostgreSQL or Redis ended by itself';
  throw new LaunchError(`${what}. The end of ${end.logFile}:\n${lastLines(end.logFile, 20)}`);
}

function printWelcome({ address, dataDir, logins, session }) {
  session.log('ready');
  const lines = ['', `  Jarib is running at ${address}`, ''];
  if (logins.trim())
    lines.push(
      ...logins
        .trimEnd()
        .split('\n')
        .map((line) => `  ${line}`),
      '',
    );
  lines.push(
    `  Logs: ${join(dataDir, 'log')}`,
    '  Stop: Ctrl-C (everything this command started ends with it)',
    '',
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function assertPortFree(port, host) {
  if (await isPortFree(port, host)) return;
  throw new LaunchError(
    `Port ${port} is taken by another program. Choose another one:  PORT=${port + 1} npm start`,
  );
}

function readPort() {
  const text = process.env.PORT || String(DEFAULT_PORT);
  const port = Number(text);
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port;
  throw new LaunchError(`PORT is "${text}", which is no port: give a whole number from 1 to 65535.`);
}

function readEnvFile() {
  const file = join(checkout, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
