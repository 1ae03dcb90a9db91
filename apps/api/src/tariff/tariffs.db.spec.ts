import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { caseExplainSql, caseParameters, runCases, runCollectionCases, type Query } from './case.js';
import { compileTariff, describeFault, type CompiledTariff } from './compile.js';
import { compileCollection } from './rebates.js';
import { checkSequence } from './sequence.js';

/**
 * How many figures of the law itself each file reproduces. A file that is not named here has none: its cases are our
 * own arithmetic. Raise a number when a source gives a further example; it never falls.
 */
const PUBLISHED: Record<string, number> = {
  'in-br/patna/assessment/2013-14.yaml': 1,
  'in-dl/mcd/assessment/2019-20.yaml': 1,
  'in-dl/mcd/collection/2019-04-01.yaml': 1,
  'in-jh/municipalities/assessment/2022-23.yaml': 2,
  'in-ka/bbmp/assessment/2008-09.yaml': 2,
  'in-ka/bbmp/collection/2008-04-01.yaml': 1,
  'in-pb/mcj/assessment/2014-15.yaml': 2,
  'in-tg/ghmc/assessment/2014-15.yaml': 1,
  'in-tn/chennai/assessment/2001-02.yaml': 1,
  'in-wb/kmc/assessment/2008-09.yaml': 3,
};

const files = readdirSync('tariffs', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);
const assessments = files.filter((name) => name.includes('/assessment/'));
const collections = files.filter((name) => name.includes('/collection/'));
const bodyOf = (name: string) => name.split(/\/(?:assessment|collection)\//)[0]!;

async function load(name: string): Promise<CompiledTariff> {
  const result = await compileTariff(readFileSync(join('tariffs', name), 'utf8'), name);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.tariff;
}

/** The assessment files of a body by which a demand may be made while the collection file is in force. */
async function beside(name: string): Promise<CompiledTariff[]> {
  const text = readFileSync(join('tariffs', name), 'utf8');
  const [, from, to] = /in_force: \{from: (\d{4}-\d{2}-\d{2}), to: (\S+)\}/.exec(text)!;
  const yearOf = (day: string) => Number(day.slice(0, 4)) - (day.slice(5) < '04-01' ? 1 : 0);
  const last = to === 'null' ? Infinity : yearOf(to!);
  const all = await Promise.all(assessments.filter((other) => bodyOf(other) === bodyOf(name)).map(load));
  return all.filter((one) => one.appliesFromFy <= last && (one.appliesToFy ?? Infinity) >= yearOf(from!));
}

/** Every look-up in an explanation, as the table's name and the row that answered. */
function lookupsIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  const own = 'lookups' in part ? (part.lookups as { table: string; row: unknown }[]) : [];
  return [
    ...own.map(({ table, row }) => `${table} ${JSON.stringify(row)}`),
    ...Object.values(part).flatMap(lookupsIn),
  ];
}

async function explanations(tariff: CompiledTariff): Promise<unknown[]> {
  const sql = caseExplainSql(tariff);
  const rows = await Promise.all(tariff.cases.map(({ given }) => query(sql, caseParameters(tariff, given))));
  return rows.map(([row]) => row?.['explanation']);
}

/** The rows of law that no case uses; a placeholder is not law, and a marginal table names no single row. */
function unprovedRows(tariff: CompiledTariff, explained: readonly unknown[]): string[] {
  const used = new Set(explained.flatMap(lookupsIn));
  return [...tariff.program.names.tables.values()]
    .filter((table) => !table.marginal && !/placeholder|sample/i.test(`${table.reference} ${table.note}`))
    .flatMap((table) => table.rows.map((row) => `${table.name} ${JSON.stringify(row.written)}`))
    .filter((row) => !used.has(row));
}

/** The notes of the file, its tables, steps, exemptions and heads: what is doubtful about them. */
function notesOf({ program: { file } }: CompiledTariff): string[] {
  const parts = [file, ...Object.values(file.tables), ...file.exemptions];
  const steps = [...file.steps.unit, ...file.steps.property, ...file.heads];
  return [...parts, ...steps].flatMap(({ note }) => note ?? []);
}

let client: pg.Client;
const query: Query = async (sql, parameters) => (await client.query(sql, parameters)).rows;

beforeAll(async () => {
  client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
});
afterAll(() => client.end());

describe('Every tariff that the project ships', () => {
  it.each(assessments)('%s gives the figures of its own cases to the paisa', async (name) => {
    const tariff = await load(name);
    const report = await runCases(tariff, name, query);
    expect(report.faults.map(describeFault)).toEqual([]);
    expect(report.published).toEqual({ passed: PUBLISHED[name] ?? 0, failed: 0 });
    expect(report.computed).toEqual({ passed: tariff.cases.length - (PUBLISHED[name] ?? 0), failed: 0 });
    expect(tariff.cases.length).toBeGreaterThan(0);
  });

  it.each(assessments)('%s shows each row of the law at work, and each doubt, in a case', async (name) => {
    const tariff = await load(name);
    const explained = await explanations(tariff);
    expect(unprovedRows(tariff, explained)).toEqual([]);
    const said = JSON.stringify(explained);
    expect(notesOf(tariff).filter((note) => !said.includes(JSON.stringify(note).slice(1, -1)))).toEqual([]);
  });

  it.each(collections)('%s gives the rebates and charges of its own cases', async (name) => {
    const own = await beside(name);
    expect(own).not.toHaveLength(0);
    for (const tariff of own) {
      const result = await compileCollection(readFileSync(join('tariffs', name), 'utf8'), name, tariff);
      if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
      const report = await runCollectionCases(result.collection, tariff, name, query);
      expect(report.faults.map(describeFault)).toEqual([]);
      expect(report.published).toEqual({ passed: PUBLISHED[name] ?? 0, failed: 0 });
      expect(report.computed.failed).toBe(0);
      expect(result.collection.cases.length).toBeGreaterThan(0);
    }
  });

  it.each(assessments)(
    '%s names its law and speaks three languages at every input, step and head',
    async (name) => {
      const { file } = (await load(name)).program;
      const inputs = Object.values(file.inputs).flatMap((level) => Object.entries(level));
      expect(inputs.filter(([, input]) => !input.label).map(([input]) => input)).toEqual([]);
      const parts = [...file.steps.unit, ...file.steps.property, ...file.exemptions, ...file.heads];
      expect(parts.filter((part) => !part.reference).map((part) => part.name)).toEqual([]);
      expect(file.status === 'notified' || /sample|placeholder/i.test(`${file.law} ${file.note}`)).toBe(true);
    },
  );

  it('has the files of each body join, without overlap and gap', async () => {
    for (const body of new Set(assessments.map(bodyOf))) {
      const own = assessments.filter((name) => bodyOf(name) === body);
      const spans = await Promise.all(
        own.map(async (name) => {
          const { appliesFromFy, appliesToFy } = await load(name);
          return { name, from: appliesFromFy, to: appliesToFy };
        }),
      );
      expect(checkSequence(spans)).toEqual([]);
    }
  });

  it('keeps every case of the law that it ever had', () => {
    expect(Object.keys(PUBLISHED).filter((name) => !files.includes(name))).toEqual([]);
  });
});
