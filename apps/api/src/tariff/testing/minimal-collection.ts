import { runCollectionCases, type CaseReport } from '../case.js';
import { compileTariff, describeFault, type CompiledTariff, type TariffFault } from '../compile.js';
import { compileCollection, type CollectionResult, type CompiledCollection } from '../rebates.js';
import { Evaluator } from './evaluate.js';
import { minimalTariff, type MinimalTariff } from './minimal-tariff.js';

const label = '{en: x, hi: x, mr: x}';

/** The smallest useful collection file as lines of YAML, for tests that put one thing in or break it. */
export interface MinimalCollection {
  inForce?: string;
  property?: string;
  unit?: string;
  owner?: string;
  tables?: string[];
  rebates?: string[];
  charges?: string[];
  appropriation?: string;
  amnesties?: string[];
  cases?: string[];
}

/** One rebate, charge or amnesty on one line; `more` holds the keys that only it has. */
export function rule(name: string, formula: string, more: string): string {
  const round = more.includes('round:') ? '' : ', round: {to: 1, mode: half_up}';
  return `{name: ${name}, formula: ${JSON.stringify(formula)}, label: ${label}${round}, ${more}}`;
}

export const ORDER_OF_TWO =
  '{order: [cost, charges, arrears_oldest_first, {instalment: 1}, {instalment: 2}], across_heads: rank}';

/** A collection file of the body `in-mp/test` without any rule, with the given parts in it. */
export function minimalCollection(parts: MinimalCollection): string {
  const list = (name: string, items: string[] = []) =>
    items.length > 0 ? `${name}:\n${items.map((item) => `  - ${item}`).join('\n')}\n` : '';
  return `tariff: in-mp/test
kind: collection
title: ${label}
law: "Test"
in_force: ${parts.inForce ?? '{from: 2020-04-01}'}
status: sample
inputs: {property: ${parts.property ?? '{}'}, unit: ${parts.unit ?? '{}'}, owner: ${parts.owner ?? '{}'}}
tables:
${(parts.tables ?? []).map((line) => `  ${line}\n`).join('') || '  {}\n'}
${list('rebates', parts.rebates)}${list('charges', parts.charges)}${list('amnesties', parts.amnesties)}
${parts.appropriation ? `appropriation: ${parts.appropriation}\n` : ''}${list('cases', parts.cases)}`;
}

async function assessment(parts: MinimalTariff): Promise<CompiledTariff> {
  const result = await compileTariff(minimalTariff(parts), 'assessment.yaml');
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.tariff;
}

/** Compiles a minimal collection file against a minimal assessment. */
export async function compileBoth(
  tariffParts: MinimalTariff,
  parts: MinimalCollection,
): Promise<{ tariff: CompiledTariff; result: CollectionResult }> {
  const tariff = await assessment(tariffParts);
  return { tariff, result: await compileCollection(minimalCollection(parts), 'collection.yaml', tariff) };
}

/** The faults of a minimal collection file; empty when it compiles. */
export async function collectionFaults(
  tariffParts: MinimalTariff,
  parts: MinimalCollection,
): Promise<TariffFault[]> {
  const { result } = await compileBoth(tariffParts, parts);
  return result.ok ? [] : result.faults;
}

/** Runs the cases of minimal collection files on PostgreSQL. */
export class CollectionEvaluator extends Evaluator {
  /** What differs from the cases, as words; empty when all pass. */
  async cases(tariffParts: MinimalTariff, parts: MinimalCollection): Promise<string[]> {
    const { tariff, collection } = await this.compiled(tariffParts, parts);
    const report: CaseReport = await runCollectionCases(
      collection,
      tariff,
      'collection.yaml',
      (sql, values) => this.client.query<Record<string, unknown>>(sql, values).then(({ rows }) => rows),
    );
    return report.faults.map(({ value, message }) => `${value}: ${message}`);
  }

  async compiled(
    tariffParts: MinimalTariff,
    parts: MinimalCollection,
  ): Promise<{ tariff: CompiledTariff; collection: CompiledCollection }> {
    const { tariff, result } = await compileBoth(tariffParts, parts);
    if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
    return { tariff, collection: result.collection };
  }
}
