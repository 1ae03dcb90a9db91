import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  TariffCheckService,
  type TariffCheck,
} from '../apps/api/src/assessment/tariff-files/tariff-check.service.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

let db: TestDatabase;
let checks: TariffCheckService;

beforeAll(async () => {
  db = await createTestDatabase();
  checks = new TariffCheckService(db.database);
});
afterAll(() => db.drop());

const file = (name: string) => ({ name, text: readFileSync(`tariffs/in-mp/indore/${name}`, 'utf8') });
const of = (all: TariffCheck[], name: string) => all.find((one) => one.file === name)!;

describe('The check of tariff files', () => {
  it('holds a collection file beside the assessment of its own years, in whatever order they are named', async () => {
    const names = [
      'collection/2021-04-01.yaml',
      'assessment/1998-99.yaml',
      'collection/2020-04-01.yaml',
      'assessment/2021-22.yaml',
    ];
    const all = await checks.check(names.map(file));
    expect(all.flatMap(({ faults }) => faults)).toEqual([]);
    expect(of(all, 'collection/2020-04-01.yaml').cases.computed.passed).toBeGreaterThan(0);
    expect(of(all, 'collection/2021-04-01.yaml').cases.computed.passed).toBeGreaterThan(0);
  });

  it('names the head that an assessment of other years does not have', async () => {
    const all = await checks.check(['collection/2021-04-01.yaml', 'assessment/1998-99.yaml'].map(file));
    const { faults } = of(all, 'collection/2021-04-01.yaml');
    expect(faults).toContainEqual(expect.objectContaining({ kind: 'unknown_name', value: 'green_cess' }));
  });

  it('leaves a case of the collection file to the assessment of its year', async () => {
    const old = file('assessment/2021-22.yaml');
    const upTo = old.text.replace('{from: 2021-22, to: null}', '{from: 2021-22, to: 2026-27}');
    const dearer = old.text
      .replace('{from: 2021-22, to: null}', '{from: 2027-28, to: null}')
      .replace('[C, residential, 12]', '[C, residential, 13]')
      .replace(/\ncases:[^]*/, '\n');
    const files = [
      { name: 'until 2026-27', text: upTo },
      { name: 'from 2027-28', text: dearer },
      file('collection/2021-04-01.yaml'),
    ];
    const all = await checks.check(files);
    expect(all.flatMap(({ faults }) => faults)).toEqual([]);
    const dearest = [{ name: 'from 2021-22', text: dearer.replace('2027-28', '2021-22') }, files[2]!];
    const faults = (await checks.check(dearest)).flatMap((one) => one.faults);
    expect(faults.map(({ kind }) => kind)).toContain('case_failed');
  });

  it('refuses a collection file alone', async () => {
    const [alone] = await checks.check([file('collection/2020-04-01.yaml')]);
    expect(alone?.faults.map(({ kind }) => kind)).toEqual(['collection_alone']);
  });
});
