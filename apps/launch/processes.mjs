// Processes as the launcher needs them: started, recognised again after a crash, and ended in order.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;
const LOG_KEPT_BYTES = 5_000_000;

/** An error whose message is meant for the person at the terminal: printed without a stack. */
export class LaunchError extends Error {}

/**
 * Asks `probe` every 50 ms until it answers something truthy, which is returned; undefined after `timeoutMs`.
 */
export async function poll(probe, timeoutMs) {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const answer = await probe();
    if (answer) return answer;
    if (performance.now() > end) return undefined;
    await sleep(POLL_MS);
  }
}

/** True while a process with this id exists (a zombie that only waits to be reaped counts as ended). */
export function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return !['Z', 'X'].includes(statFields(pid)[0]);
}

/** The id of a process's parent as text; '' where the system has no /proc or the process has gone. */
export function parentOf(pid) {
  return statFields(pid)[1] ?? '';
}

/** When a process began, as opaque text: with the id it names one process, although ids are used again. */
export function birthOf(pid) {
  return statFields(pid)[19] ?? ps(pid, 'lstart');
}

/** The command line of a process, or '' when there is none. */
export function commandOf(pid) {
  return procFile(pid, 'cmdline').replaceAll('\0', ' ').trim() || ps(pid, 'args');
}

/** What must be noted to find exactly this process again later. */
export function describeProcess(pid) {
  return { pid, birth: birthOf(pid) };
}

/** True when the process noted by `describeProcess` still runs and is not a later one with the same id. */
export function isSameProcess(noted) {
  return Boolean(noted) && isAlive(noted.pid) && birthOf(noted.pid) === noted.birth;
}

/**
 * Starts a long-running program in a process group of its own (so that Ctrl-C in the terminal reaches the
 * launcher alone, which ends everything in order), its output appended to `logFile`. Resolves to the child at
 * once.
 */
export function startDetached(program, args, { logFile, ...options }) {
  keepLogShort(logFile);
  const output = openSync(logFile, 'a', 0o600);
  try {
    const child = spawn(program, args, { ...options, detached: true, stdio: ['ignore', output, output] });
    child.on('error', () => {});
    return child;
  } finally {
    closeSync(output);
  }
}

/**
 * Sends `signal`, waits until the process has gone, and after `timeoutMs` sends `lastSignal`. Absent:
 * nothing.
 */
export async function endProcess(
  pid,
  { signal = 'SIGTERM', timeoutMs = 20_000, lastSignal = 'SIGKILL' } = {},
) {
  if (!sendSignal(pid, signal)) return;
  if (await poll(() => !isAlive(pid), timeoutMs)) return;
  sendSignal(pid, lastSignal);
  await poll(() => !isAlive(pid), timeoutMs);
}

/** Runs a program to its end with its output shown; resolves to its exit code (128 + n after a signal). */
export function runShown(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', ...options });
    options.onStart?.(child);
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(signal ? 128 + constants.signals[signal] : code));
  });
}

/** Runs a program quietly; resolves to `{ code, output }`, where output is stdout and stderr as they came. */
export function runQuiet(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    options.onStart?.(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** The last `count` lines of a log, for a message about a program that ended. */
export function lastLines(file, count = 15) {
  if (!existsSync(file)) return '';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

function sendSignal(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

function keepLogShort(file) {
  if (existsSync(file) && statSync(file).size > LOG_KEPT_BYTES) renameSync(file, `${file}.1`);
}

// State, parent, ... as proc(5) lists them after the name, which stands in brackets and may hold anything.
function statFields(pid) {
  const stat = procFile(pid, 'stat');
  return stat ? stat.slice(stat.lastIndexOf(')') + 2).split(' ') : [];
}

function procFile(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

function ps(pid, column) {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { stdio: 'pipe' })
      .toString()
      .trim();
  } catch {
    return '';
  }
}
