// Finds or starts what Jarib stands on: PostgreSQL with PostGIS, Redis, GDAL. The order stands at
// startServices.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasDocker, startDocker } from './docker.mjs';
import { canInstall, installPackages } from './packages.mjs';
import { freePort, keptSecret, privateDir, serverHome, serverUser } from './places.mjs';
import * as postgres from './postgres.mjs';
import { LaunchError } from './processes.mjs';
import { findChromium, findPostgres, findProgram, hasDevanagariFont } from './programs.mjs';
import * as redis from './redis.mjs';
import { alone, joinUsers, leaveUsers } from './users.mjs';

const DEBIAN_PACKAGES = 'postgresql-15-postgis-3 redis-server gdal-bin fonts-noto-core chromium';

/**
 * Provides a database and a Redis: DATABASE_URL and REDIS_URL where set (each alone if so; such a server is
 * never started or stopped), else a private instance of local programs in `dataDir`, else the same after
 * installing packages (Debian or Ubuntu, as root), else docker compose. `durable: false` trades safety after
 * a power cut for speed (tests). `chromium: true` provides a browser as well. Resolves to `{ databaseUrl,
 * redisUrl, dataDir, pgBin, records, stop(), restartPostgres(mode), killPostgres(), lost() }`; throws
 * LaunchError with one clear message.
 */
export async function startServices({ dataDir, durable = true, chromium = false, log = () => {} }) {
  mkdirSync(join(dataDir, 'log'), { recursive: true });
  const needs = { database: !process.env.DATABASE_URL, redis: !process.env.REDIS_URL, chromium };
  joinUsers(dataDir);
  return alone(dataDir, 'services', async () => {
    await provide(needs, { dataDir, log });
    const isLocal = missingOf(needs).every((purpose) => !['postgis', 'redis'].includes(purpose));
    return isLocal ? startLocal(needs, { dataDir, durable, log }) : startInDocker(needs, { dataDir, log });
  });
}

/** What is not there, by purpose: 'postgis', 'redis', 'gdal', 'fonts', 'chromium'. */
function missingOf(needs) {
  const missing = [];
  if (needs.database && !findPostgres()) missing.push('postgis');
  if (needs.redis && !findProgram('redis-server')) missing.push('redis');
  if (!findProgram('ogr2ogr')) missing.push('gdal');
  if (!hasDevanagariFont()) missing.push('fonts');
  if (needs.chromium && !findChromium()) missing.push('chromium');
  return missing;
}

async function provide(needs, context) {
  if (missingOf(needs).length > 0 && canInstall()) await installPackages(missingOf(needs), context);
  const missing = missingOf(needs);
  if (missing.includes('fonts')) context.log('no Devanagari font: Hindi and Marathi bills will show boxes');
  const servers = missing.filter((purpose) => purpose === 'postgis' || purpose === 'redis');
  const tools = missing.filter((purpose) => purpose === 'gdal' || purpose === 'chromium');
  if (tools.length === 0 && (servers.length === 0 || (await hasDocker()))) return;
  if (servers.length === 0 || (await hasDocker())) throw new LaunchError(advice(tools));
  throw new LaunchError(advice(missing.filter((purpose) => purpose !== 'fonts')));
}

function advice(missing) {
  const names = {
    postgis: 'PostgreSQL 15+ with PostGIS',
    redis: 'Redis 6.2+',
    gdal: 'GDAL (ogr2ogr)',
    chromium: 'Chromium',
  };
  const lines = [`Missing: ${missing.map((purpose) => names[purpose]).join(', ')}. One of these helps:`];
  if (process.platform === 'linux') {
    lines.push(`  Debian, Ubuntu: sudo apt-get install ${DEBIAN_PACKAGES}`);
  }
  if (process.platform === 'darwin') lines.push('  macOS: brew install postgis redis gdal');
  if (missing.includes('postgis') || missing.includes('redis')) {
    lines.push('  Docker: start the Docker engine; the launcher then uses compose.yaml by itself');
    lines.push('  Own servers: set DATABASE_URL and REDIS_URL (see .env.example)');
  }
  if (missing.includes('chromium')) lines.push('  Browser: set CHROMIUM_PATH to a Chromium or Chrome');
  return lines.join('\n');
}

async function startLocal(needs, { dataDir, durable, log }) {
  const user = serverUser();
  const home = serverHome(dataDir, user);
  const records = localRecords({ needs, dataDir, durable, user, home });
  const [databaseUrl, redisUrl] = await Promise.all([
    needs.database ? runPostgres(records, dataDir, log) : given('DATABASE_URL', log),
    needs.redis ? runRedis(records, dataDir, log) : given('REDIS_URL', log),
  ]);
  return handle({ dataDir, databaseUrl, redisUrl, records });
}

function localRecords({ needs, dataDir, durable, user, home }) {
  const logDir = privateDir(join(home, 'log'), user);
  const common = { user, durable, password: keptSecret(join(dataDir, 'secret')) };
  const noted = readRecords(dataDir);
  const records = {};
  if (needs.database) {
    const server = { ...findPostgres(), dir: join(home, 'postgres'), logFile: join(logDir, 'postgres.log') };
    records.postgres = { ...common, ...server, port: noted.postgres?.port };
  }
  if (needs.redis) {
    const program = findProgram('redis-server');
    const server = { program, dir: join(home, 'redis'), logFile: join(logDir, 'redis.log') };
    records.redis = { ...common, ...server, port: noted.redis?.port };
  }
  return records;
}

async function runPostgres(records, dataDir, log) {
  const record = records.postgres;
  const found = postgres.runningPostgres(record);
  if (found && (await postgres.postgresAnswers(record))) {
    record.port = postgres.portOfRunning(record);
    log(`PostgreSQL ${record.version} with PostGIS: the running one on port ${record.port} (pid ${found})`);
  } else {
    await postgres.createCluster(record);
    await onFreePort(record, `${dataDir} postgres`, postgres.startPostgres);
    log(`PostgreSQL ${record.version} with PostGIS on 127.0.0.1:${record.port}`);
  }
  noteRecords(dataDir, { postgres: record });
  return postgres.openDatabase(record);
}

async function runRedis(records, dataDir, log) {
  const record = records.redis;
  if (redis.runningRedis(record)) {
    await redis.awaitRedis(record);
    log(`Redis: the running one on port ${record.port}`);
  } else {
    await onFreePort(record, `${dataDir} redis`, redis.startRedis);
    log(`Redis on 127.0.0.1:${record.port}`);
  }
  noteRecords(dataDir, { redis: record });
  return redis.redisUrl(record);
}

// Between looking for a free port and listening on it another checkout may have taken it: then once more.
async function onFreePort(record, seed, start) {
  for (const attempt of [1, 2, 3]) {
    record.port = await freePort(record.port, seed);
    try {
      return await start(record);
    } catch (error) {
      if (attempt === 3 || !/in use/i.test(error.message)) throw error;
    }
  }
}

async function startInDocker(needs, { dataDir, log }) {
  const docker = await startDocker({ dataDir, noted: readRecords(dataDir).docker, log });
  noteRecords(dataDir, { docker: docker.ports });
  const databaseUrl = needs.database ? docker.databaseUrl : given('DATABASE_URL', log);
  const redisUrl = needs.redis ? docker.redisUrl : given('REDIS_URL', log);
  return handle({ dataDir, databaseUrl, redisUrl, records: {}, docker });
}

function handle({ dataDir, databaseUrl, redisUrl, records, docker }) {
  const own = () => {
    if (records.postgres) return records.postgres;
    throw new LaunchError(
      'This database was given by DATABASE_URL or runs in Docker: the launcher does not restart it.',
    );
  };
  return {
    databaseUrl,
    redisUrl,
    dataDir,
    records,
    pgBin: records.postgres?.bin ?? findPostgres()?.bin,
    stop: () => stopServices({ dataDir, records, docker }),
    restartPostgres: (mode = 'fast') => postgres.restartPostgres(own(), mode),
    killPostgres: () => postgres.stopPostgres(own(), 'kill'),
    lost: () => lostServer(records),
  };
}

async function stopServices({ dataDir, records, docker }) {
  await alone(dataDir, 'services', async () => {
    if (leaveUsers(dataDir) > 0) return;
    if (records.redis) await redis.stopRedis(records.redis);
    if (records.postgres) await postgres.stopPostgres(records.postgres);
    if (docker) await docker.stop();
  });
}

function lostServer(records) {
  if (records.postgres && !postgres.runningPostgres(records.postgres)) return records.postgres;
  if (records.redis && !redis.runningRedis(records.redis)) return records.redis;
  return undefined;
}

function given(variable, log) {
  log(`${variable} is set: using that server`);
  return process.env[variable];
}

function readRecords(dataDir) {
  const file = join(dataDir, 'services.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

// Holds the password, like the secret file beside it.
function noteRecords(dataDir, some) {
  const file = join(dataDir, 'services.json');
  writeFileSync(file, JSON.stringify({ ...readRecords(dataDir), ...some }, null, 2), { mode: 0o600 });
}
