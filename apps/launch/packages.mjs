// Installs what is missing with apt-get, on Debian and Ubuntu as root, without letting any system service
// start.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError, lastLines, runQuiet } from './processes.mjs';
import { findProgram, postgresVersions } from './programs.mjs';

const POLICY = '/usr/sbin/policy-rc.d';
const UNITS = ['postgresql.service', 'redis-server.service'];
const PREFERRED_POSTGRES = 15;
const INSTALL = ['install', '--yes', '--no-install-recommends'];

/** True where the launcher may install packages: apt-get is there and we are root. */
export function canInstall() {
  return process.platform === 'linux' && process.getuid?.() === 0 && Boolean(findProgram('apt-get'));
}

/**
 * Installs packages by what they are for: any of 'postgis', 'redis', 'gdal', 'fonts', 'chromium'. One log
 * line says which. Throws LaunchError with apt-get's last lines and the command to repeat by hand.
 */
export async function installPackages(purposes, { dataDir, log }) {
  const logFile = join(dataDir, 'log', 'apt.log');
  mkdirSync(join(dataDir, 'log'), { recursive: true });
  // In a process group of its own: Ctrl-C in the middle of an installation would leave dpkg half way.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const apt = async (...args) => {
    const run = await runQuiet('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...args], {
      env,
      detached: true,
    });
    writeFileSync(logFile, `$ apt-get ${args.join(' ')}\n${run.output}\n`, { flag: 'a' });
    return run.code;
  };
  log('asking apt-get which packages there are');
  await apt('update');
  const packages = await Promise.all(purposes.map(packageFor));
  log(`installing ${packages.join(', ')} with apt-get (no system service is started)`);
  const release = holdServicesBack();
  const unitsBefore = presentUnits();
  try {
    if ((await apt(...INSTALL, ...packages)) === 0) return;
  } finally {
    release();
    await disableUnits(presentUnits().filter((unit) => !unitsBefore.includes(unit)));
  }
  const byHand = `apt-get update && apt-get ${INSTALL.join(' ')} ${packages.join(' ')}`;
  throw new LaunchError(
    `Packages could not be installed. The end of ${logFile}:\n${lastLines(logFile)}\nBy hand: ${byHand}`,
  );
}

async function packageFor(purpose) {
  if (purpose === 'postgis') return postgisPackage();
  return { redis: 'redis-server', gdal: 'gdal-bin', fonts: 'fonts-noto-core', chromium: 'chromium' }[purpose];
}

// PostGIS for a PostgreSQL that is there already, else for version 15, else for the newest that this release
// has.
async function postgisPackage() {
  const found = await runQuiet('apt-cache', ['search', '--names-only', '^postgresql-[0-9]+-postgis-3$']);
  const offered = [...found.output.matchAll(/^postgresql-(\d+)-postgis-3 /gm)].map((match) =>
    Number(match[1]),
  );
  const wanted = [...postgresVersions(), PREFERRED_POSTGRES, ...offered.sort((a, b) => b - a)];
  const version = wanted.find((candidate) => offered.includes(candidate) && candidate >= PREFERRED_POSTGRES);
  if (version) return `postgresql-${version}-postgis-3`;
  throw new LaunchError(
    'apt-get knows no PostgreSQL 15 or later with PostGIS on this release. Add the packages of the ' +
      'PostgreSQL project (https://wiki.postgresql.org/wiki/Apt), or set DATABASE_URL.',
  );
}

// Debian asks this file before it starts a service; 101 means no. Where somebody has one already, theirs
// decides.
function holdServicesBack() {
  if (existsSync(POLICY)) return () => {};
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  return () => rmSync(POLICY, { force: true });
}

function presentUnits() {
  return UNITS.filter((unit) => existsSync(join('/lib/systemd/system', unit)));
}

// Services that came only because of us must not come up at the next boot either.
async function disableUnits(units) {
  if (units.length > 0 && existsSync('/run/systemd/system'))
    await runQuiet('systemctl', ['disable', ...units]);
}
