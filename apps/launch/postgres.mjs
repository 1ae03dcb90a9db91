// A private PostgreSQL server: made, started, recognised again, ended. Its record is plain JSON, so that a
// test in another process can restart the very same server: { bin, dir, logFile, port, user: { uid?, gid? },
// durable, password }.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { privateDir, writePrivate } from './places.mjs';
import {
  LaunchError,
  commandOf,
  endProcess,
  isAlive,
  lastLines,
  poll,
  runQuiet,
  startDetached,
} from './processes.mjs';
import { isSharedMemorySmall } from './programs.mjs';

/** The role that owns the schema and runs migrations; the application derives its own lesser role from it. */
export const ADMIN_ROLE = 'jarib_admin';
const DATABASE = 'jarib';
const MEGABYTE = 1024 * 1024;
const START_TIMEOUT_MS = 60_000;
const ORPHANS_TIMEOUT_MS = 10_000;
const NO_PROCESS = 2_147_483_646;

/** Makes the cluster in `record.dir` if there is none. Throws LaunchError with initdb's own words. */
export async function createCluster(record) {
  if (existsSync(join(record.dir, 'PG_VERSION'))) {
    privateDir(record.dir, record.user);
    return assertSameVersion(record);
  }
  rmSync(record.dir, { recursive: true, force: true });
  privateDir(record.dir, record.user);
  const passwordFile = `${record.dir}.pw`;
  writePrivate(passwordFile, record.password, record.user);
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  const args = [
    '-D',
    record.dir,
    `--username=${ADMIN_ROLE}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
  ];
  args.push('--encoding=UTF8', `--locale=${locale}`, ...(record.durable ? [] : ['--no-sync']));
  const made = await runQuiet(join(record.bin, 'initdb'), args, inItsName(record));
  rmSync(passwordFile, { force: true });
  if (made.code !== 0) {
    rmSync(record.dir, { recursive: true, force: true });
    throw new LaunchError(`PostgreSQL could not make its data directory ${record.dir}:\n${made.output}`);
  }
  writeFileSync(join(record.dir, 'postgresql.conf'), "\ninclude_if_exists = 'jarib.conf'\n", { flag: 'a' });
}

/** The id of the server that runs on exactly this data directory, or undefined. */
export function runningPostgres(record) {
  const pid = Number(postmasterLines(record)[0]);
  return isAlive(pid) && commandOf(pid).includes(record.dir) ? pid : undefined;
}

/** The port that the running server itself has noted. */
export function portOfRunning(record) {
  return Number(postmasterLines(record)[3]);
}

/**
 * Starts the server and waits until it answers; resolves to its process id. Throws LaunchError with its last
 * log lines.
 */
export async function startPostgres(record) {
  forgetDeadPostmaster(record);
  writePrivate(join(record.dir, 'jarib.conf'), settings(record), record.user);
  const triesEnd = performance.now() + ORPHANS_TIMEOUT_MS;
  for (;;) {
    const child = startDetached(join(record.bin, 'postgres'), ['-D', record.dir], {
      ...inItsName(record),
      logFile: record.logFile,
    });
    child.unref();
    if (await postgresAnswers(record, () => child.exitCode !== null || child.signalCode !== null))
      return child.pid;
    const words = lastLines(record.logFile);
    // After a SIGKILL of the server its connections take a moment to notice; until then it refuses to start.
    if (!/shared memory block|lock file/.test(words) || performance.now() > triesEnd) {
      throw new LaunchError(`PostgreSQL did not start. The end of ${record.logFile}:\n${words}`);
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

/**
 * Waits until a server that is starting or recovering accepts connections; false when `hasEnded()` or time is
 * up.
 */
export async function postgresAnswers(record, hasEnded = () => !runningPostgres(record)) {
  const answer = await poll(() => {
    if (postmasterLines(record)[7]?.trim() === 'ready' && runningPostgres(record)) return 'ready';
    return hasEnded() && 'ended';
  }, START_TIMEOUT_MS);
  return answer === 'ready';
}

/**
 * Ends the server: `fast` rolls open transactions back and writes everything to disk, `immediate` is a crash
 * that the next start recovers from, `kill` is SIGKILL, for tests of exactly that.
 */
export async function stopPostgres(record, mode = 'fast') {
  const pid = runningPostgres(record);
  if (!pid) return;
  const signal = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' }[mode];
  await endProcess(pid, { signal, timeoutMs: START_TIMEOUT_MS, lastSignal: 'SIGQUIT' });
}

/** Ends the server in the given mode and starts it again on the same port; resolves to the new process id. */
export async function restartPostgres(record, mode = 'fast') {
  await stopPostgres(record, mode);
  return startPostgres(record);
}

/** Makes the database if it is missing and returns the URL of the administration login. */
export async function openDatabase(record) {
  const env = { ...process.env, PGPASSWORD: record.password };
  const login = ['-h', '127.0.0.1', '-p', String(record.port), '-U', ADMIN_ROLE, '-d', 'postgres', '-XAtq'];
  const find = `select 1 from pg_database where datname = '${DATABASE}'`;
  const psql = (sql) => runQuiet(join(record.bin, 'psql'), [...login, '-c', sql], { env });
  const found = await psql(find);
  const made = found.output.trim() === '1' ? found : await psql(`create database ${DATABASE}`);
  if (found.code !== 0 || made.code !== 0) {
    throw new LaunchError(
      `The private PostgreSQL on port ${record.port} refused the launcher:\n${made.output}`,
    );
  }
  return `postgres://${ADMIN_ROLE}:${record.password}@127.0.0.1:${record.port}/${DATABASE}`;
}

function settings(record) {
  const sharedMegabytes = Math.min(512, Math.floor(totalmem() / MEGABYTE / 4));
  const safety = record.durable ? 'on' : 'off';
  return Object.entries({
    listen_addresses: '127.0.0.1',
    port: record.port,
    unix_socket_directories: '',
    max_connections: 100,
    shared_buffers: `${sharedMegabytes}MB`,
    work_mem: '32MB',
    maintenance_work_mem: '256MB',
    max_wal_size: '4GB',
    checkpoint_completion_target: 0.9,
    wal_compression: 'on',
    random_page_cost: 1.1,
    jit: 'off',
    fsync: safety,
    synchronous_commit: safety,
    full_page_writes: safety,
    dynamic_shared_memory_type: isSharedMemorySmall() ? 'mmap' : 'posix',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] %q%u@%d ',
  })
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
}

// After a reboot, in a container above all, the noted id may be another program's by now, and PostgreSQL
// would take that for itself. An impossible id in its place keeps PostgreSQL's own search for orphaned
// connections, unlike no file at all.
function forgetDeadPostmaster(record) {
  const lines = postmasterLines(record);
  if (lines.length === 0) return;
  writePrivate(postmasterFile(record), [NO_PROCESS, ...lines.slice(1)].join('\n'), record.user);
}

function assertSameVersion(record) {
  const found = readFileSync(join(record.dir, 'PG_VERSION'), 'utf8').trim();
  if (Number(found) === record.version) return;
  throw new LaunchError(
    `${record.dir} was made by PostgreSQL ${found}, and only PostgreSQL ${record.version} with PostGIS ` +
      `is installed. Install PostgreSQL ${found} with PostGIS again, or carry the data over with ` +
      `"jarib backup" and "jarib restore".`,
  );
}

function postmasterLines(record) {
  return existsSync(postmasterFile(record)) ? readFileSync(postmasterFile(record), 'utf8').split('\n') : [];
}

function postmasterFile(record) {
  return join(record.dir, 'postmaster.pid');
}

function inItsName(record) {
  return { ...record.user, cwd: record.dir, env: { ...process.env, LC_ALL: 'C', PGDATA: record.dir } };
}
