import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Command } from 'commander';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/database.js';
import { minimalCollection } from '../tariff/testing/minimal-collection.js';
import { head, minimalTariff } from '../tariff/testing/minimal-tariff.js';
import { addTariffCommands } from './tariff.commands.js';

let db: TestDatabase;
let folder: string;
const before = process.env['DATABASE_URL'];

beforeAll(async () => {
  db = await createTestDatabase();
  process.env['DATABASE_URL'] = db.config.ownerUrl;
});
afterAll(async () => {
  process.env['DATABASE_URL'] = before;
  await db.drop();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'jarib-tariff-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  process.exitCode = undefined;
});

const write = (name: string, text: string) => {
  mkdirSync(join(folder, 'assessment'), { recursive: true });
  writeFileSync(join(folder, name), text);
};
const oneCase = (kind: string, tax: number) =>
  `{name: a ${kind} case, kind: ${kind}, source: s, given: {units: [{area: 10}]}, expect: {tax: ${tax}}}`;

/** What `jarib tariff check` writes for the folder, and the code with which it ends. */
async function check(...options: string[]): Promise<{ text: string; code: number }> {
  let text = '';
  const out = jest.spyOn(process.stdout, 'write').mockImplementation((words) => {
    text += String(words);
    return true;
  });
  try {
    const program = new Command().option('--json').exitOverride();
    addTariffCommands(program);
    await program.parseAsync(['node', 'jarib', ...options, 'tariff', 'check', folder]);
  } finally {
    out.mockRestore();
  }
  return { text: text.replaceAll(folder, ''), code: Number(process.exitCode ?? 0) };
}

describe('jarib tariff check', () => {
  it('reads the files of a folder, and counts published and computed cases apart', async () => {
    write(
      'assessment/a.yaml',
      minimalTariff({ cases: [oneCase('published', 100), oneCase('computed', 100)] }),
    );
    write('b.yaml', minimalCollection({}));
    const { text, code } = await check();
    expect(text).toBe(
      '/assessment/a.yaml: in order; 1 of 1 published and 1 of 1 computed cases pass\n' +
        '/b.yaml: in order; no case was run\n',
    );
    expect(code).toBe(0);
  });

  it('prints file, line, column, value and remedy of each fault, and ends with 1', async () => {
    write('assessment/a.yaml', minimalTariff({ heads: [head('tax', 'sum(unit.aria) * price(fy)')] }));
    const { text, code } = await check();
    expect(text).toContain('/assessment/a.yaml: 1 fault; no case was run');
    expect(text).toMatch(/\/assessment\/a\.yaml:\d+:\d+ unknown_name "unit\.aria": .*Declare it/);
    expect(code).toBe(1);
  });

  it('fails where a case gives another figure than the law', async () => {
    write(
      'assessment/a.yaml',
      minimalTariff({ cases: [oneCase('published', 101), oneCase('computed', 100)] }),
    );
    const { text, code } = await check();
    expect(text).toContain('0 of 1 published and 1 of 1 computed cases pass');
    expect(text).toContain(
      'case_failed "a published case": The published case gives other figures: tax is 100, expected 101.',
    );
    expect(code).toBe(1);
  });

  it('fails where the files of one body overlap or leave a gap', async () => {
    write('assessment/a.yaml', minimalTariff({ appliesTo: '{from: 2018-19, to: 2019-20}' }));
    write('assessment/b.yaml', minimalTariff({ appliesTo: '{from: 2021-22, to: 2023-24}' }));
    write('assessment/c.yaml', minimalTariff({ appliesTo: '{from: 2023-24}' }));
    write('d.yaml', minimalCollection({ inForce: '{from: 2018-04-01, to: 2022-03-31}' }));
    write('e.yaml', minimalCollection({ inForce: '{from: 2022-05-01}' }));
    const { text, code } = await check();
    expect(text).toContain(
      '/assessment/b.yaml:1:1 sequence "2021-22": Nothing applies between /assessment/a.yaml (to 2019-20)',
    );
    expect(text).toContain(
      '/assessment/c.yaml:1:1 sequence "2023-24": It begins before /assessment/b.yaml ends (2023-24)',
    );
    expect(text).toContain(
      '/e.yaml:1:1 sequence "2022-05-01": Nothing applies between /d.yaml (to 2022-03-31)',
    );
    expect(code).toBe(1);
  });

  it('says which file is missing beside a collection file', async () => {
    write('b.yaml', minimalCollection({}));
    const { text, code } = await check();
    expect(text).toContain('collection_alone "in-mp/test"');
    expect(code).toBe(1);
  });

  it('gives the same as one JSON document', async () => {
    write('assessment/a.yaml', minimalTariff({ units: '{currency: INR, area: acre}' }));
    const { text, code } = await check('--json');
    const [file] = JSON.parse(text) as { kind: string; faults: object[] }[];
    expect(file).toMatchObject({ kind: 'assessment', cases: { published: { passed: 0, failed: 0 } } });
    expect(file!.faults[0]).toMatchObject({ line: 7, value: 'acre', kind: 'value' });
    expect(code).toBe(1);
  });

  it('refuses a folder without tariffs', async () => {
    await expect(check()).rejects.toThrow('holds no tariff file');
  });
});
