import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { createTestDatabase } from '../support/database.js';

/** The built server and its worker over a demo town of their own. */
export interface Town {
  url: string;
  ulb: string;
  password: string;
  close(): Promise<void>;
}

const program = (name: string): string => `dist/apps/api/src/${name}.js`;

/** Starts the very files that `npm start` runs, on a free port. They must have been built. */
export async function startTown(properties = 1_000): Promise<Town> {
  for (const file of [program('main'), 'dist/web/index.html']) {
    if (!existsSync(file)) throw new Error(`${file} is missing: run npm run build first.`);
  }
  const db = await createTestDatabase();
  const port = await freePort();
  const env = {
    ...process.env,
    NODE_OPTIONS: '',
    DATABASE_URL: db.config.ownerUrl,
    // A queue of its own: another test's worker would take the job and not find its row.
    REDIS_URL: `${new URL('/7', db.config.redisUrl)}`,
    HOST: '127.0.0.1',
    PORT: String(port),
    LOG_LEVEL: 'error',
  };
  const children: ChildProcess[] = [];
  const close = async () => {
    await Promise.all(children.map(end));
    await db.drop();
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await promisify(execFile)(process.execPath, [program('cli'), 'demo', '--properties', `${properties}`], {
      env,
    });
    for (const name of ['main', 'worker']) {
      children.push(
        spawn(process.execPath, [program(name)], { env, stdio: ['ignore', 'inherit', 'inherit'] }),
      );
    }
    await untilServing(url, children);
  } catch (error) {
    await close();
    throw error;
  }
  return { url, ulb: 'nagarpur', password: 'neem-shade-at-noon', close };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilServing(url: string, children: ChildProcess[]): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (children.some(({ exitCode }) => exitCode !== null))
      throw new Error('The server ended while it started.');
    const answer = await fetch(`${url}/api/ulbs`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('The server did not answer within 20 s.');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
