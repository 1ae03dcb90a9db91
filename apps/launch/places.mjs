// Where things lie: the checkout, the private data directory, free ports and the user who runs the servers.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chownSync, existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LaunchError } from './processes.mjs';

/** The top directory of this checkout. */
export const checkout = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where `npm start` and `jarib` keep their data: JARIB_DATA_DIR, else .data in the checkout; absolute. */
export function dataDirectory() {
  return resolve(checkout, process.env.JARIB_DATA_DIR || '.data');
}

// Below the range from which systems hand out ports for outgoing connections, so that a noted port stays
// ours.
const FIRST_PORT = 20_000;
const PORT_COUNT = 12_000;

/** Ten hexadecimal digits that name a path, the same each time. */
export function shortHash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}

/**
 * The unprivileged user for the servers when the launcher runs as root (PostgreSQL refuses root): `{ uid, gid
 * }`, or `{}` when the launcher is an ordinary user and servers simply run as the same.
 */
export function serverUser() {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      const id = (flag) => Number(execFileSync('id', [flag, name], { stdio: 'pipe' }).toString());
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      continue;
    }
  }
  throw new LaunchError(
    'Running as root, but there is no user "postgres" or "nobody" to run the database as.',
  );
}

/**
 * The directory for the servers' files: `dataDir` itself, or, when the server user cannot reach that (a
 * checkout below /root, say), a directory in /var/tmp named after it and noted in `dataDir/location`.
 */
export function serverHome(dataDir, user) {
  mkdirSync(dataDir, { recursive: true });
  const note = join(dataDir, 'location');
  const elsewhere = `/var/tmp/jarib-${shortHash(dataDir)}`;
  if (existsSync(note)) return ensureNoted(readFileSync(note, 'utf8').trim(), elsewhere, dataDir);
  if (user.uid === undefined) return dataDir;
  if (spawnSync('test', ['-x', dataDir], { ...user }).status === 0) return dataDir;
  writeFileSync(note, `${elsewhere}\n`);
  return ensureOwn(elsewhere);
}

/** Makes a directory that only the server user can read, and returns its path. */
export function privateDir(path, user) {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // A checkout that root copied with its data belongs to root throughout.
  const isForeign = user.uid !== undefined && lstatSync(path).uid !== user.uid;
  if (isForeign) execFileSync('chown', ['-hR', `${user.uid}:${user.gid}`, path]);
  return path;
}

/** Writes a file that only the server user can read. */
export function writePrivate(path, text, user) {
  writeFileSync(path, text, { mode: 0o600 });
  if (user.uid !== undefined) chownSync(path, user.uid, user.gid);
}

/** A random secret that is made once and then kept in `file` (mode 0600). */
export function keptSecret(file) {
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

/** The noted port if it is free on 127.0.0.1, else the next free one; `seed` sets where the search begins. */
export async function freePort(noted, seed) {
  if (noted && (await isPortFree(noted))) return noted;
  const first = parseInt(shortHash(seed), 16) % PORT_COUNT;
  for (let step = 0; step < PORT_COUNT; step += 1) {
    const port = FIRST_PORT + ((first + step) % PORT_COUNT);
    if (await isPortFree(port)) return port;
  }
  throw new LaunchError(`No free port between ${FIRST_PORT} and ${FIRST_PORT + PORT_COUNT} on 127.0.0.1.`);
}

/** True when a server could listen on this port of `host`. */
export function isPortFree(port, host = '127.0.0.1') {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => done(true)));
  });
}

// A copied checkout must not use the database of the one that it was copied from.
function ensureNoted(noted, expected, dataDir) {
  if (noted === expected) return ensureOwn(expected);
  throw new LaunchError(
    `${dataDir} was copied or moved here: its database lies in ${noted}. ` +
      `To take it along: mv ${noted} ${expected} and write that path to ${join(dataDir, 'location')}. ` +
      `To begin with an empty database: remove ${dataDir}.`,
  );
}

// A predictable name in a directory that everybody may write to could have been made by somebody else.
function ensureOwn(path) {
  if (!existsSync(path)) mkdirSync(path, { mode: 0o711 });
  const found = lstatSync(path);
  if (!found.isDirectory() || found.uid !== process.getuid()) {
    throw new LaunchError(
      `${path} belongs to somebody else; remove it, or move the checkout to a public directory.`,
    );
  }
  return path;
}
