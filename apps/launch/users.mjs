// Who uses a data directory just now: several launchers may share its servers, one at a time may start or
// stop them.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError, describeProcess, isSameProcess, poll } from './processes.mjs';

const LOCK_TIMEOUT_MS = 300_000;

/** Notes this process as a user of the servers in `dataDir`. */
export function joinUsers(dataDir) {
  mkdirSync(join(dataDir, 'users'), { recursive: true });
  writeFileSync(join(dataDir, 'users', String(process.pid)), noteOf(dataDir));
}

/**
 * Strikes this process out; returns how many living users are left. Those that died without a word are struck
 * out too.
 */
export function leaveUsers(dataDir) {
  rmSync(join(dataDir, 'users', String(process.pid)), { force: true });
  const dir = join(dataDir, 'users');
  const files = existsSync(dir) ? readdirSync(dir).map((name) => join(dir, name)) : [];
  const dead = files.filter((file) => !isHeld(file, dataDir));
  dead.forEach((file) => rmSync(file, { force: true }));
  return files.length - dead.length;
}

/**
 * Runs `work` while no other launcher of the same `dataDir` runs its own under this name. A dead holder's
 * lock is void.
 */
export async function alone(dataDir, name, work) {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, `${name}.lock`);
  if (!(await poll(() => take(file, dataDir), LOCK_TIMEOUT_MS))) {
    throw new LaunchError(
      `Another launcher has been busy in ${dataDir} for five minutes (${readFileSync(file, 'utf8')}).`,
    );
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file, dataDir) {
  try {
    writeFileSync(file, noteOf(dataDir), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld(file, dataDir)) rmSync(file, { force: true });
    return false;
  }
}

// The place is noted as well: in a copied directory the notes of the original's processes mean nothing.
function noteOf(dataDir) {
  return JSON.stringify({ ...describeProcess(process.pid), place: dataDir });
}

function isHeld(file, dataDir) {
  try {
    const note = JSON.parse(readFileSync(file, 'utf8'));
    return note.place === dataDir && isSameProcess(note);
  } catch {
    return false;
  }
}
