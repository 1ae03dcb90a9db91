// The way for machines without PostGIS and Redis of their own: the two services of compose.yaml in Docker.
import { checkout, freePort, keptSecret, shortHash } from './places.mjs';
import { LaunchError, runQuiet } from './processes.mjs';
import { findProgram } from './programs.mjs';
import { join } from 'node:path';

/** True when a Docker engine with the compose command answers. */
export async function hasDocker() {
  if (!findProgram('docker')) return false;
  const [engine, compose] = await Promise.all([
    runQuiet('docker', ['info'], { timeout: 10_000 }),
    runQuiet('docker', ['compose', 'version'], { timeout: 10_000 }),
  ]);
  return engine.code === 0 && compose.code === 0;
}

/**
 * Brings up db and redis of compose.yaml as a compose project of this data directory's own and waits until
 * both are healthy. `noted` holds the ports of the last time. Resolves to `{ databaseUrl, redisUrl, ports,
 * stop }`.
 */
export async function startDocker({ dataDir, noted = {}, log }) {
  const project = `jarib-${shortHash(dataDir)}`;
  const password = keptSecret(join(dataDir, 'secret'));
  const compose = (env, ...args) =>
    runQuiet('docker', ['compose', '--project-name', project, ...args], {
      cwd: checkout,
      env: { ...process.env, ...env },
    });
  const secrets = { POSTGRES_PASSWORD: password, REDIS_PASSWORD: password };
  const running = await compose(secrets, 'ps', '--quiet', '--status=running', 'db', 'redis');
  const wasRunning =
    running.code === 0 && running.output.trim().split('\n').length === 2 && Boolean(noted.db);
  const ports = wasRunning ? noted : await pickPorts(noted, dataDir);
  const env = { ...secrets, JARIB_DB_PORT: String(ports.db), JARIB_REDIS_PORT: String(ports.redis) };
  log('starting PostGIS and Redis with docker compose (the first time loads their images)');
  const up = await compose(env, 'up', '--detach', '--wait', 'db', 'redis');
  if (up.code !== 0)
    throw new LaunchError(`docker compose could not start PostGIS and Redis:\n${up.output.trim()}`);
  return {
    databaseUrl: `postgres://jarib_admin:${password}@127.0.0.1:${ports.db}/jarib`,
    redisUrl: `redis://default:${password}@127.0.0.1:${ports.redis}/0`,
    ports,
    stop: () => compose(env, 'stop', 'redis', 'db'),
    restartDatabase: (mode) => compose(env, 'restart', ...(mode === 'fast' ? [] : ['--timeout', '0']), 'db'),
  };
}

async function pickPorts(noted, dataDir) {
  const db = await freePort(noted.db, `${dataDir} db`);
  return { db, redis: await freePort(noted.redis, `${dataDir} redis`) };
}
