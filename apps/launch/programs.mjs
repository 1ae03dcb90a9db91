// Finds the programs that Jarib stands on, wherever this kind of machine keeps them.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, statfsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const OLDEST_POSTGRES = 15;
const POSTGRES_ROOTS = [
  ['/usr/lib/postgresql', 'bin'], // Debian, Ubuntu: one directory for each version
  ['/opt/homebrew/opt', 'bin'], // Homebrew on Apple silicon: postgresql@16/bin
  ['/usr/local/opt', 'bin'], // Homebrew on Intel
  ['/Applications/Postgres.app/Contents/Versions', 'bin'],
];
const POSTGRES_PLACES = ['/usr/pgsql-18/bin', '/usr/pgsql-17/bin', '/usr/pgsql-16/bin', '/usr/pgsql-15/bin'];
const PROGRAM_PLACES = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/sbin', '/usr/local/sbin'];
const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const CHROMIUM_PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];
const FONT_PLACES = ['/usr/share/fonts', '/usr/local/share/fonts', '/Library/Fonts', '/System/Library/Fonts'];

/** The path of a program on PATH or in the usual places, or undefined. */
export function findProgram(name) {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...PROGRAM_PLACES];
  return places.map((place) => join(place, name)).find(isExecutable);
}

/** The newest PostgreSQL (15 or later) that has PostGIS: `{ bin, version }`, or undefined. */
export function findPostgres() {
  return postgresInstallations()
    .filter((found) => found.hasPostgis)
    .at(0);
}

/** The major versions of PostgreSQL that are installed, with or without PostGIS, newest first. */
export function postgresVersions() {
  return postgresInstallations().map((found) => found.version);
}

/** The path of Chromium or Chrome: CHROMIUM_PATH if set, else the first that is installed, else undefined. */
export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  return CHROMIUM_NAMES.map(findProgram).find(Boolean) ?? CHROMIUM_PLACES.find(isExecutable);
}

/**
 * True when a font with Devanagari letters is installed (bills and notices in Hindi and Marathi need one).
 */
export function hasDevanagariFont() {
  return FONT_PLACES.some((place) => someFile(place, /devanagari/i, 3));
}

/** True when /dev/shm is too small for PostgreSQL's parallel queries (64 MB in a plain container). */
export function isSharedMemorySmall() {
  if (process.platform !== 'linux' || !existsSync('/dev/shm')) return process.platform === 'linux';
  const disk = statfsSync('/dev/shm');
  return disk.blocks * disk.bsize < 512 * 1024 * 1024;
}

function postgresInstallations() {
  const fromRoots = POSTGRES_ROOTS.flatMap(([root, bin]) =>
    namesIn(root).map((name) => join(root, name, bin)),
  );
  const fromPath = (process.env.PATH ?? '').split(delimiter);
  const places = [...new Set([...fromRoots, ...POSTGRES_PLACES, ...fromPath])];
  return places
    .filter((bin) => isExecutable(join(bin, 'initdb')) && isExecutable(join(bin, 'postgres')))
    .map(describePostgres)
    .filter((found) => found.version >= OLDEST_POSTGRES)
    .sort((a, b) => b.version - a.version);
}

function describePostgres(bin) {
  try {
    const answer = execFileSync(join(bin, 'postgres'), ['--version'], { stdio: 'pipe' }).toString();
    const version = Number(/ (\d+)/.exec(answer)?.[1] ?? 0);
    return { bin, version, hasPostgis: shareDirs(bin, version).some((dir) => existsSync(postgisFile(dir))) };
  } catch {
    return { bin, version: 0, hasPostgis: false };
  }
}

// pg_config belongs to a development package that need not be there, so the usual layouts are tried as well.
function shareDirs(bin, version) {
  const dirs = [
    `/usr/share/postgresql/${version}`,
    ...['postgresql', `postgresql@${version}`, ''].map((name) => join(bin, '../share', name)),
  ];
  try {
    const config = execFileSync(join(bin, 'pg_config'), ['--sharedir'], { stdio: 'pipe' });
    return [config.toString().trim(), ...dirs];
  } catch {
    return dirs;
  }
}

function postgisFile(shareDir) {
  return join(shareDir, 'extension/postgis.control');
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function namesIn(dir) {
  return existsSync(dir) ? readdirSync(dir) : [];
}

function someFile(dir, pattern, depth) {
  if (!existsSync(dir)) return false;
  return readdirSync(dir, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? depth > 0 && someFile(join(dir, entry.name), pattern, depth - 1)
      : pattern.test(entry.name),
  );
}
