import { spawn, spawnSync } from 'node:child_process';
import { Agent, get } from 'node:http';
import { fileURLToPath } from 'node:url';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TokensService } from '../../apps/api/src/platform/auth/token/tokens.service.js';
import { UsersService } from '../../apps/api/src/platform/auth/account/users.service.js';
import { permissions } from '../../apps/api/src/platform/auth/permissions.js';
import { now } from '../../apps/api/src/platform/clock.js';
import type { City } from './city.js';
import { freePort } from './peers.js';

const main = fileURLToPath(new URL('../../apps/api/src/main.js', import.meta.url));

/** Our own server in a process of its own, with a token to ask it. */
export interface Server {
  url: string;
  headers: Record<string, string>;
  /** Of its process. */
  pid: number;
  stop(): Promise<void>;
}

export async function startServer(city: City): Promise<Server> {
  const port = await freePort();
  const env = { ...process.env, DATABASE_URL: city.config.ownerUrl, PORT: String(port), LOG_LEVEL: 'silent' };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    const health = await fetch(`${url}/health`).catch(() => null);
    if (health?.ok) break;
    if (tries > 300) throw new Error('The server did not get ready.');
    await pause(100);
  }
  const headers = { authorization: `Bearer ${await tokenOf(city)}` };
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  };
  return { url, headers, pid: child.pid ?? 0, stop };
}

async function tokenOf(city: City): Promise<string> {
  const system = { id: null, login: 'bench', permissions: new Set<string>(permissions), wardNumbers: null };
  const users = await city.app
    .get(UsersService, { strict: false })
    .list({ actor: system, ulbId: city.ulbId, now: now() });
  const admin = users.find(({ role }) => role === 'administrator');
  if (!admin) throw new Error('The city has no administrator.');
  const ctx = { actor: { ...system, id: admin.id, login: admin.login }, ulbId: city.ulbId, now: now() };
  const asked = {
    name: `bench ${ctx.now.getTime()}`,
    permissions: ['layers:read', 'tariffs:simulate'],
  } as Parameters<TokensService['create']>[2];
  const made = await city.app.get(TokensService, { strict: false }).create(ctx, city.code, asked);
  return made.token;
}

/** Asks for every address once, `clients` at a time. Rejects on the first answer that is no 200 or 204. */
export async function fetchAll(
  addresses: readonly string[],
  clients: number,
  headers: Record<string, string> = {},
) {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  let next = 0;
  const one = (address: string) =>
    new Promise<number>((resolve, reject) => {
      const request = get(address, { agent, headers, timeout: 120_000 }, (response) => {
        let length = 0;
        response.on('data', (chunk: Buffer) => (length += chunk.length));
        response.on('end', () =>
          response.statusCode === 200 || response.statusCode === 204
            ? resolve(length)
            : reject(new Error(`${response.statusCode} for ${address}`)),
        );
      });
      request.on('error', reject);
    });
  const worker = async () => {
    while (next < addresses.length) await one(addresses[next++]!);
  };
  await Promise.all(Array.from({ length: clients }, worker));
  agent.destroy();
}

/** Requests a second that wrk gets out of the addresses, in turn, with `clients` connections. Null without wrk. */
export function wrk(
  addresses: readonly string[],
  clients: number,
  seconds: number,
  headers: Record<string, string> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'jarib-wrk-'));
  const paths = addresses
    .map((address) => JSON.stringify(address.replace(/^https?:\/\/[^/]+/, '')))
    .join(', ');
  const set = Object.entries(headers).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
  );
  const script = join(folder, 'paths.lua');
  writeFileSync(
    script,
    `${set.join('\n')}
local paths = { ${paths} }
local at = 0
request = function() at = at % #paths + 1; return wrk.format('GET', paths[at]) end
done = function(summary) io.write('ERRORS ' .. (summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout) .. '\\n') end
`,
  );
  const args = [
    '-t',
    '1',
    '-c',
    String(clients),
    '-d',
    `${seconds}s`,
    '--timeout',
    '60s',
    '-s',
    script,
    addresses[0] ?? '',
  ];
  const result = spawnSync('wrk', args, { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  if (result.error) return null;
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(result.stdout)?.[1];
  const errors = /ERRORS (\d+)/.exec(result.stdout)?.[1];
  if (!rate || errors !== '0')
    throw new Error(`wrk: ${errors ?? 'no'} errors\n${result.stdout}${result.stderr}`);
  return Number(rate);
}
