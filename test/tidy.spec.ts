import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** The house rules, as a test: what a reviewer would otherwise have to say again and again. */

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file && statSync(file, { throwIfNoEntry: false })?.isFile());
const code = files.filter((file) => /\.(ts|tsx|mjs)$/.test(file));
const textOf = new Map(code.map((file) => [file, readFileSync(file, 'utf8')]));
const isTest = (file: string) => file.startsWith('test/') || /\.spec\.tsx?$/.test(file);
const faults = (found: (string | false | null | undefined)[]) => found.filter(Boolean);

/** What each room of the API may import besides itself. A room that is not named here may not exist. */
const rooms: Record<string, string[]> = {
  core: [],
  tariff: ['core'],
  platform: ['core'],
  map: ['platform', 'core'],
  search: ['map', 'platform', 'core'],
  ulbs: ['search', 'map', 'platform', 'core'],
  parcels: ['ledger', 'ulbs', 'search', 'map', 'platform', 'core'],
  streetlights: ['ulbs', 'search', 'map', 'platform', 'core'],
  roads: ['ulbs', 'search', 'map', 'platform', 'core'],
  ledger: ['platform', 'core'],
  assessment: ['ledger', 'parcels', 'tariff', 'ulbs', 'search', 'map', 'platform', 'core'],
  discovery: ['assessment', 'ledger', 'parcels', 'tariff', 'ulbs', 'search', 'map', 'platform', 'core'],
};
/** The doors through which everything is started; they may import every room. */
const doors = ['main.ts', 'worker.ts', 'cli.ts', 'app.module.ts', 'entities.ts', 'cli', 'demo'];
/** Rooms of the web client, in the order in which they may import each other. */
const webRooms: Record<string, string[]> = {
  api: [],
  edit: ['core'],
  i18n: [],
  ui: ['i18n', 'api'],
  map: ['edit', 'api', 'ui', 'i18n'],
  modes: ['map', 'edit', 'api', 'ui', 'i18n'],
};

function importsOf(file: string): string[] {
  const names = [...textOf.get(file)!.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)];
  return names.map((match) => match[1]!);
}

/** The room of a file below `base`, such as `map` for apps/api/src/map/layer.ts. */
function roomOf(file: string, base: string): string | null {
  const inside = relative(base, file);
  return inside.startsWith('..') ? null : inside.split('/')[0]!;
}

function wrongWay(base: string, allowed: Record<string, string[]>, free: string[], known: boolean): string[] {
  const found: string[] = [];
  for (const file of code.filter((name) => name.startsWith(base) && !isTest(name))) {
    const from = roomOf(file, base)!;
    if (free.includes(from)) continue;
    const may = allowed[from];
    if (!may) {
      if (known) found.push(`${file}: the room ${from} is not in the list of this test`);
      continue;
    }
    for (const name of importsOf(file).filter((specifier) => specifier.startsWith('.'))) {
      const to = roomOf(join(dirname(file), name), base);
      if (to && to !== from && !may.includes(to)) found.push(`${file} imports ${to}`);
    }
  }
  return found;
}

describe('imports', () => {
  it('of the API go one way', () => {
    expect(wrongWay('apps/api/src', rooms, doors, true)).toEqual([]);
  });

  it('of the web client go one way', () => {
    expect(wrongWay('apps/web/src', webRooms, [], false)).toEqual([]);
  });

  it('keep each library in its room', () => {
    const places: [RegExp, RegExp][] = [
      [/^bullmq$/, /^apps\/api\/src\/platform\/queue\//],
      [/^typeorm$/, /^(migrations\/|apps\/api\/src\/platform\/database\/|apps\/api\/src\/.*\.entity\.ts$)/],
      [/^ol(\/|$)/, /^apps\/web\/src\/(map|modes)\//],
      [/^(libpg-query|pgsql-deparser)$/, /^apps\/api\/src\/tariff\//],
    ];
    const found = code
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        importsOf(file).map(
          (name) =>
            places.some(([library, place]) => library.test(name) && !place.test(file)) && `${file}: ${name}`,
        ),
      );
    expect(faults(found)).toEqual([]);
  });

  it('let only the API client of the web fetch', () => {
    const found = code.filter(
      (file) => file.startsWith('apps/web/src') && !file.startsWith('apps/web/src/api/'),
    );
    expect(found.filter((file) => !isTest(file) && /\bfetch\(/.test(textOf.get(file)!))).toEqual([]);
  });
});

describe('code', () => {
  it('reads the clock in one place', () => {
    const clock = /\bDate\.now\(|new Date\(\)|Math\.random\(/;
    const exempt = /^(apps\/api\/src\/platform\/clock\.ts|apps\/launch\/|apps\/web\/|test\/)/;
    expect(
      code.filter((file) => !exempt.test(file) && !isTest(file) && clock.test(textOf.get(file)!)),
    ).toEqual([]);
  });

  it('holds SQL only in repositories, the tariff compiler, migrations and the database room', () => {
    const sql = /[`'"]\s*(SELECT\s|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM|WITH [a-z_]+ AS|COPY [a-z_$])/;
    const place =
      /(\.repository\.ts$|^apps\/api\/src\/tariff\/|^migrations\/|platform\/database\/|^test\/|^apps\/launch\/)/;
    expect(code.filter((file) => !place.test(file) && !isTest(file) && sql.test(textOf.get(file)!))).toEqual(
      [],
    );
  });

  it('keeps money out of floats', () => {
    const float = /\b\w*Paise\??:\s*number\b|parseFloat\([^)]*[pP]aise/;
    expect(code.filter((file) => float.test(textOf.get(file)!) && !file.startsWith('test/tidy'))).toEqual([]);
  });

  it('has files of at most 400 lines, most near 100, and lines of at most 140 characters, in tests 180', () => {
    const lengths = code.map((file) => [file, textOf.get(file)!.split('\n').length - 1] as const);
    expect(lengths.filter(([, lines]) => lines > 400)).toEqual([]);
    const sorted = lengths.map(([, lines]) => lines).sort((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(130);
    // A sentence for people, a comment or a line of SQL may be longer than code; a test's given text longer still.
    const widest = (file: string) => (isTest(file) ? 180 : 140);
    const wide = code.filter((file) =>
      textOf
        .get(file)!
        .split('\n')
        .some((line) => line.length > widest(file)),
    );
    expect(wide).toEqual([]);
  });

  it('has functions of at most 70 lines', () => {
    const found: string[] = [];
    for (const file of code.filter((name) => !isTest(name))) {
      const source = ts.createSourceFile(file, textOf.get(file)!, ts.ScriptTarget.ES2022, true);
      const visit = (node: ts.Node): void => {
        if (ts.isFunctionLike(node) && 'body' in node && node.body) {
          const line = (position: number) => source.getLineAndCharacterOfPosition(position).line;
          const lines = line(node.end) - line(node.getStart(source)) + 1;
          if (lines > 70) found.push(`${file}:${line(node.getStart(source)) + 1} has ${lines} lines`);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(found).toEqual([]);
  });

  it('leaves no test out, and nothing for later, without a name', () => {
    const left = /\b(it|test|describe)\.only\(|\bTODO\b|\bFIXME\b/;
    expect(code.filter((file) => file !== 'test/tidy.spec.ts' && left.test(textOf.get(file)!))).toEqual([]);
  });
});

describe('the tree', () => {
  it('has no barrels, no rooms for odds and ends, no big files and no real data', () => {
    expect(files.filter((file) => /(^|\/)(utils?|helpers?|common)\//.test(file) && !isTest(file))).toEqual(
      [],
    );
    expect(code.filter((file) => /^apps\/api\/.*\/index\.ts$/.test(file))).toEqual([]);
    expect(files.filter((file) => statSync(file).size > 500_000 && file !== 'package-lock.json')).toEqual([]);
    const real = /cambridge-ma\/|parcels_fy2014|TaxFY14|bengaluru_wards|bhopal_wards/;
    expect(files.filter((file) => real.test(file) && !/\.(ya?ml|md)$/.test(file))).toEqual([]);
  });

  it('has at most eight code files of the standard kinds in a module, and no other kinds beside them', () => {
    const kinds = /\.(module|controller|schema|service|repository|entity|layer|jobs)\.ts$/;
    const folders = new Map<string, string[]>();
    for (const file of code.filter((name) => name.startsWith('apps/api/src/') && kinds.test(name))) {
      const folder = dirname(file);
      if (/platform|apps\/api\/src$/.test(folder)) continue;
      folders.set(folder, [...(folders.get(folder) ?? []), file]);
    }
    expect([...folders].filter(([, inside]) => inside.length > 8)).toEqual([]);
  });

  it('is the one that README draws', () => {
    const readme = readFileSync('README.md', 'utf8');
    const drawn = /```tree\n([\s\S]*?)```/.exec(readme)?.[1];
    expect(drawn).toBeDefined();
    const names = drawn!
      .split('\n')
      .map((line) => line.match(/^(\S+)/)?.[1])
      .filter(Boolean) as string[];
    const missing = names.filter((name) => !files.some((file) => file === name || file.startsWith(name)));
    expect(missing).toEqual([]);
    const top = new Set(files.map((file) => file.split('/')[0]!));
    const rooms = new Set(
      files
        .filter((file) => /^apps\/(api|web)\/src\/[^/]+\//.test(file))
        .map((file) => file.split('/').slice(0, 4).join('/')),
    );
    const undrawn = [...top, ...rooms].filter(
      (name) => !names.some((shown) => shown.replace(/\/$/, '') === name),
    );
    expect(undrawn).toEqual([]);
  });
});
