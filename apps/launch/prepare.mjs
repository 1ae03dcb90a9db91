// Brings node_modules and dist up to date with the sources; does nothing, quickly, when they are.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './places.mjs';
import { LaunchError, runQuiet } from './processes.mjs';
import { alone } from './users.mjs';

const CONFIGURATION = ['package-lock.json', 'tsconfig.json', 'nest-cli.json', '.swcrc'];
const PARTS = {
  api: { sources: ['apps/api/src', ...CONFIGURATION], proofs: ['dist/apps/api/src/main.js'] },
  extra: { sources: ['migrations', 'geodata', 'test/bench', ...CONFIGURATION], proofs: ['dist/migrations'] },
  web: { sources: ['apps/web', 'apps/api/openapi.json', ...CONFIGURATION], proofs: ['dist/web/index.html'] },
};
// What the compilers write, by the source tree it comes from: a source that is gone must not live on there.
const COMPILED = ['apps/api/src', 'migrations', 'geodata', 'test/bench'];
const NOT_SOURCES = new Set(['node_modules', 'dist']);
const STAMPS = join(checkout, 'dist/.built.json');

/**
 * Installs the packages of package-lock.json when node_modules differs from it. Throws LaunchError with npm's
 * words.
 */
export async function installDependencies(session) {
  if (isInstalled()) return;
  await alone(join(checkout, '.data'), 'install', async () => {
    if (isInstalled()) return;
    session.check();
    session.log('installing packages (npm ci)');
    const flags = ['--no-audit', '--no-fund', '--include=dev', '--loglevel=error'];
    let run = await runNpm(['ci', ...flags], session);
    session.check();
    // A lock file that was written on one platform can lack the optional packages of the others. npm ci
    // refuses it then; npm install takes the same versions and leaves the file as it is.
    if (/EUSAGE[^]*Missing: /.test(run.output))
      run = await runNpm(['install', '--no-save', ...flags], session);
    session.check();
    if (run.code !== 0) throw new LaunchError(`npm ci failed:\n${run.output.trim()}`);
  });
}

/**
 * Compiles the parts whose sources changed since the last build. Throws LaunchError with the compiler's
 * words.
 */
export async function build(session) {
  if (staleParts().length === 0) return;
  await alone(join(checkout, '.data'), 'build', async () => {
    const stale = staleParts();
    if (stale.length === 0) return;
    session.log(`building ${stale.map(([part]) => part).join(', ')}`);
    const outcomes = await Promise.allSettled(stale.map(([part, print]) => buildPart(part, print, session)));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    session.log('built');
  });
}

/** True when there is something to run, fresh or not. */
export function isBuilt() {
  return existsSync(join(checkout, 'dist/apps/api/src/cli.js'));
}

async function buildPart(part, print, session) {
  const run = await runNpm(['run', '--silent', `build:${part}`], session);
  session.check();
  if (run.code !== 0) throw new LaunchError(`npm run build:${part} failed:\n${run.output.trim()}`);
  if (part !== 'web') COMPILED.forEach(removeOrphans);
  mkdirSync(join(checkout, 'dist'), { recursive: true });
  writeFileSync(STAMPS, JSON.stringify({ ...readStamps(), [part]: print }, null, 2));
}

function staleParts() {
  const stamps = readStamps();
  return Object.entries(PARTS)
    .filter(([, { sources }]) => existsSync(join(checkout, sources[0])))
    .map(([part, { sources, proofs }]) => [part, fingerprint(sources), proofs])
    .filter(
      ([part, print, proofs]) =>
        stamps[part] !== print || !proofs.every((file) => existsSync(join(checkout, file))),
    )
    .map(([part, print]) => [part, print]);
}

// Names, sizes and times tell a change as surely as contents do, and reading them takes milliseconds.
function fingerprint(sources) {
  const hash = createHash('sha256').update(process.version);
  for (const file of sources.flatMap(filesBelow)) {
    const { size, mtimeMs } = statSync(join(checkout, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function filesBelow(path) {
  const full = join(checkout, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .sort()
    .filter((name) => !NOT_SOURCES.has(name) && !name.endsWith('.spec.ts'))
    .flatMap((name) => filesBelow(join(path, name)));
}

function removeOrphans(tree) {
  const compiled = join(checkout, 'dist', tree);
  if (!existsSync(compiled)) return;
  for (const name of readdirSync(compiled, { recursive: true })) {
    const stem = /^(.*)\.js(\.map)?$/.exec(name)?.[1];
    if (stem && !existsSync(join(checkout, tree, `${stem}.ts`))) rmSync(join(compiled, name));
  }
}

// npm writes node_modules/.package-lock.json when an installation is complete: what it says is what is there.
function isInstalled() {
  const wanted = readJson('package-lock.json')?.packages;
  const found = readJson('node_modules/.package-lock.json')?.packages;
  if (!wanted) throw new LaunchError('package-lock.json is missing: this checkout is not complete.');
  if (!found) return false;
  const isThere = ([path, entry]) => path === '' || entry.optional || found[path]?.version === entry.version;
  return Object.entries(wanted).every(isThere) && Object.keys(found).every((path) => path in wanted);
}

function runNpm(args, session) {
  // The npm that started us, if one did: PATH may hold another, or none.
  const [program, first] = process.env.npm_execpath
    ? [process.execPath, [process.env.npm_execpath]]
    : ['npm', []];
  const env = { ...process.env, NODE_ENV: 'development', npm_config_color: 'false', FORCE_COLOR: '0' };
  return runQuiet(program, [...first, ...args], { cwd: checkout, env, detached: true, onStart: session.own });
}

function readStamps() {
  return readJson('dist/.built.json') ?? {};
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(join(checkout, path), 'utf8'));
  } catch {
    return undefined;
  }
}
