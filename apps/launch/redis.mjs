// A private Redis server: configured, started, recognised again, ended. Its record is plain JSON:
// { program, dir, logFile, port, user: { uid?, gid? }, durable, password }.
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { privateDir, writePrivate } from './places.mjs';
import { LaunchError, commandOf, endProcess, isAlive, lastLines, poll, startDetached } from './processes.mjs';

const START_TIMEOUT_MS = 30_000;
const ANSWER_TIMEOUT_MS = 1_000;

/**
 * The id of the Redis server that runs on exactly this directory, or undefined. (Redis shows its port as its
 * title.)
 */
export function runningRedis(record) {
  const file = join(record.dir, 'redis.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0;
  return isAlive(pid) && commandOf(pid).endsWith(`:${record.port}`) ? pid : undefined;
}

/**
 * True when the server on the record's port knows our password and is the very process of our own pid file.
 */
export async function redisAnswers(record) {
  const pid = runningRedis(record);
  if (!pid) return false;
  const reply = await ask(record.port, `AUTH ${record.password}\r\nPING\r\nINFO server\r\n`);
  return reply.includes('+PONG') && reply.includes(`process_id:${pid}\r\n`);
}

/**
 * Waits for a server that runs already, still loading its file perhaps. Throws LaunchError when it stays
 * silent.
 */
export async function awaitRedis(record) {
  if (await poll(() => redisAnswers(record), START_TIMEOUT_MS)) return;
  const pid = runningRedis(record);
  throw new LaunchError(
    `The private Redis (process ${pid}, port ${record.port}) does not answer. End that process first.`,
  );
}

/**
 * Starts the server and waits until it answers; resolves to its process id. Throws LaunchError with its last
 * log lines.
 */
export async function startRedis(record) {
  privateDir(record.dir, record.user);
  const configFile = join(record.dir, 'redis.conf');
  writePrivate(configFile, settings(record), record.user);
  const options = { ...record.user, cwd: record.dir, logFile: record.logFile };
  const child = startDetached(record.program, [configFile], options);
  child.unref();
  const answer = await poll(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return 'ended';
    return (await redisAnswers(record)) && 'ready';
  }, START_TIMEOUT_MS);
  if (answer === 'ready') return child.pid;
  throw new LaunchError(`Redis did not start. The end of ${record.logFile}:\n${lastLines(record.logFile)}`);
}

/** Ends the server in order; what it holds is written to its append-only file first. */
export async function stopRedis(record) {
  const pid = runningRedis(record);
  if (pid) await endProcess(pid);
}

/** The URL that clients use. */
export function redisUrl(record) {
  return `redis://default:${record.password}@127.0.0.1:${record.port}/0`;
}

// In a file and not on the command line, where every user of the machine could read the password.
function settings(record) {
  return `bind 127.0.0.1
port ${record.port}
requirepass ${record.password}
dir "${record.dir}"
pidfile "${join(record.dir, 'redis.pid')}"
daemonize no
save ""
appendonly yes
appendfsync ${record.durable ? 'everysec' : 'no'}
maxmemory-policy noeviction
`;
}

// Three commands in Redis's plain text form; resolves to whatever came back within a second.
function ask(port, commands) {
  return new Promise((resolve) => {
    let reply = '';
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(commands));
    const finish = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(reply);
    };
    const timer = setTimeout(finish, ANSWER_TIMEOUT_MS);
    socket.on('data', (bytes) => {
      reply += bytes.toString();
      if (/process_id:\d+\r\n|-[A-Z]+ /.test(reply)) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}
