import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { runCases, runCollectionCases, type Query } from './case.js';
import { compileTariff, describeFault, type CompiledTariff } from './compile.js';
import { compileCollection } from './rebates.js';

const files = readdirSync('tariffs', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);
const assessments = files.filter((name) => name.includes('/assessment/'));
const collections = files.filter((name) => name.includes('/collection/'));

async function load(name: string): Promise<CompiledTariff> {
  const result = await compileTariff(readFileSync(join('tariffs', name), 'utf8'), name);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.tariff;
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
    expect(report.published.passed + report.computed.passed).toBe(tariff.cases.length);
    expect(tariff.cases.length).toBeGreaterThan(0);
  });

  it.each(collections)('%s gives the rebates of its own cases', async (name) => {
    const text = readFileSync(join('tariffs', name), 'utf8');
    const [body] = name.split('/collection/');
    const own = assessments.filter((other) => other.startsWith(`${body}/`));
    expect(own).not.toHaveLength(0);
    for (const assessment of own) {
      const tariff = await load(assessment);
      const result = await compileCollection(text, name, tariff);
      if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
      const report = await runCollectionCases(result.collection, tariff, name, query);
      expect(report.faults.map(describeFault)).toEqual([]);
      expect(report.published.passed + report.computed.passed).toBe(result.collection.cases.length);
    }
  });
});
