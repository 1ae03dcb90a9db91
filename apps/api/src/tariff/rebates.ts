import { createHash } from 'node:crypto';
import type { Label } from '../core/label.js';
import { financialYearOf } from '../core/period.js';
import { Builder } from './build.js';
import { checkCases, type Place } from './check-cases.js';
import { checkWords } from './check-words.js';
import { compileAmnesties, type CompiledAmnesty } from './collection/amnesties.js';
import { compileAppropriation, type CompiledAppropriation } from './collection/appropriation.js';
import { compileCharges, type CompiledCharge } from './collection/charges.js';
import { checkCollectionCases } from './collection/check-cases.js';
import { KEY_TYPES } from './collection/given.js';
import { compileLapses, type CompiledLapse } from './collection/lapses.js';
import { compileRebates } from './collection/rebate.js';
import type { CompiledTariff } from './compile.js';
import { checkShape } from './file/check-shape.js';
import type { TariffFault } from './file/fault.js';
import { TariffFile } from './file/read.js';
import { collectionFile, type CollectionCase, type CollectionFile } from './file/collection-schema.js';
import { loadParser } from './language/formula.js';
import { explainSql } from './output/explain.js';
import { rebateSelectSql } from './output/rebates.js';
import type { Program, RebatePart } from './program.js';

/** A collection file, compiled against the assessment whose heads its rebates reduce. */
export interface CompiledCollection {
  sha256: string;
  body: string;
  title: Label;
  status: 'notified' | 'sample';
  law: string;
  /** First and last day as YYYY-MM-DD; null: until replaced. */
  inForceFrom: string;
  inForceTo: string | null;
  rebates: {
    name: string;
    label: Label;
    reference?: string;
    given: 'demand' | 'payment';
    on: readonly string[];
  }[];
  /**
   * As `CompiledTariff.explainSql`, with `rebates`, `rebatesMissing` and `netPaise` besides. Two more
   * parameters: $5 the day of the payment (date or NULL) and $6 the numbers of the instalments that it settles
   * (int[] or NULL; all of them: paid in full).
   */
  explainSql: string;
  /**
   * One SELECT with one row per property of the chunk that can be assessed: property_id uuid, rebates_missing text[]
   * (NULL when nothing is missing), rebates_paise bigint[] (NULL when something is): what each of
   * `rebatesOnDemand` takes off each instalment, rebate-major; never negative, never more than the instalment's
   * demand of that head. Parameters as in `CompiledTariff.chunkSelectSql`. Null where no rebate is given on demand.
   */
  rebateSelectSql: string | null;
  /** What the positions of `rebates_paise` stand for, each times the instalments. */
  rebatesOnDemand: { name: string; head: string; account: string }[];
  /** Rebates that are taken back, one for each head; see there for the columns that their SQL reads. */
  lapses: readonly CompiledLapse[];
  /** To be put into `chargesSql`, `appropriationSql` and `amnestySql`, which say what they read and give. */
  charges: readonly CompiledCharge[];
  appropriation: CompiledAppropriation | null;
  amnesties: readonly CompiledAmnesty[];
  lastInstalment: number;
  cases: readonly CollectionCase[];
  casePlaces: readonly Place[];
}

export type CollectionResult =
  { ok: true; collection: CompiledCollection } | { ok: false; faults: TariffFault[] };

/**
 * Compiles a collection file against an assessment of the same body. Faults as in `compileTariff`; never
 * throws.
 */
export async function compileCollection(
  yamlText: string,
  fileName: string,
  tariff: CompiledTariff,
): Promise<CollectionResult> {
  await loadParser();
  const file = new TariffFile(fileName, yamlText);
  const collection = compile(file, tariff);
  if (collection && file.faults.length === 0) return { ok: true, collection };
  return { ok: false, faults: [...file.faults].sort((a, b) => a.line - b.line || a.column - b.column) };
}

function compile(file: TariffFile, tariff: CompiledTariff): CompiledCollection | null {
  if (!file.read()) return null;
  const declared = checkShape(file, collectionFile);
  if (!declared) return null;
  if (declared.tariff !== tariff.body) {
    const message = `The assessment is of ${tariff.body}.`;
    file.fault(['tariff'], 'sequence', declared.tariff, message, 'Join files of one body.');
  }
  const { from, to } = declared.in_force;
  if (to && to < from)
    file.fault(['in_force', 'to'], 'value', to, 'It ends before it begins.', 'Swap from and to.');
  const builder = new Builder(file, tariff.program.file);
  builder.keyTypes = KEY_TYPES;
  const program = withRebates(file, declared, builder);
  if (!program) return null;
  const dues = compileDues(file, declared, builder, program);
  builder.finish(file, declared.tables);
  checkRebateUse(file, declared, program);
  checkCases(file, declared.cases, program.inputs, yearsOfCases(declared, tariff));
  checkCollectionCases(file, declared, tariff);
  if (file.faults.length > 0) return null;
  const { law, status, title } = declared;
  const onDemand = program.rebatePart.rebates.filter((rebate) => rebate.declaration.given === 'demand');
  return {
    sha256: createHash('sha256').update(file.text).digest('hex'),
    body: declared.tariff,
    title,
    status,
    law,
    inForceFrom: from,
    inForceTo: to ?? null,
    rebates: declared.rebates.map(({ name, label, reference, given, on }) => {
      return { name, label, reference, given, on };
    }),
    explainSql: explainSql(program),
    rebateSelectSql: rebateSelectSql(program),
    rebatesOnDemand: onDemand.map(({ declaration, head, account }) => ({
      name: declaration.name,
      head,
      account,
    })),
    ...dues,
    lastInstalment: tariff.instalments.length,
    cases: declared.cases,
    casePlaces: declared.cases.map((_, i) => file.place(['cases', i])),
  };
}

/**
 * The years that a case may name: those of the assessment and those in which the file is in force. A case of another
 * assessment's years is checked here and run beside that one (see `runCollectionCases`).
 */
function yearsOfCases(declared: CollectionFile, tariff: CompiledTariff): { from: number; to: number | null } {
  const { from, to } = declared.in_force;
  const last = tariff.appliesToFy;
  return {
    from: Math.min(tariff.appliesFromFy, financialYearOf(from)),
    to: to && last !== null ? Math.max(last, financialYearOf(to)) : null,
  };
}

/** What becomes of dues once they stand. */
function compileDues(
  file: TariffFile,
  declared: CollectionFile,
  builder: Builder,
  program: Program & { rebatePart: RebatePart },
): Pick<CompiledCollection, 'lapses' | 'charges' | 'appropriation' | 'amnesties'> {
  const heads = program.heads.map((head) => head.declaration.name);
  const charges = compileCharges(file, declared.charges, heads, builder);
  const names = declared.charges.map(({ name }) => name);
  const instalments = program.file.instalments.map(({ n }) => n);
  const indexOf = (rebate: RebatePart['rebates'][number]) =>
    declared.rebates.findIndex(({ name }) => name === rebate.declaration.name);
  return {
    charges,
    lapses: compileLapses(file, program.rebatePart.rebates, indexOf, builder),
    appropriation: compileAppropriation(file, declared.appropriation, { heads, charges: names, instalments }),
    amnesties: compileAmnesties(file, declared.amnesties, names, builder),
  };
}

/** The assessment's program built afresh, so that nothing of this collection file is left behind in it. */
function withRebates(
  file: TariffFile,
  declared: CollectionFile,
  builder: Builder,
): (Program & { rebatePart: RebatePart }) | null {
  const program = builder.build();
  if (!program) return null;
  const inputsBefore = new Set(builder.inputs);
  const aggregatesBefore = new Set(program.names.aggregates);
  for (const symbol of program.names.all()) if (symbol.kind === 'input') symbol.used = false;
  const taken = Object.keys(declared.tables).filter((name) => builder.hasTable(name));
  for (const name of taken) {
    const message = `The assessment file has a table "${name}".`;
    file.fault(['tables', name], 'duplicate_key', name, message, 'Choose another name.');
  }
  if (taken.length > 0) return null;
  checkWords(file, declared);
  builder.addInputs(declared.inputs, file);
  builder.addTables(declared.tables);
  builder.addNeeds(file, declared.inputs);
  const rebates = compileRebates(file, declared.rebates, builder, program);
  const part = {
    rebates,
    inputs: new Set(builder.inputs.filter((input) => !inputsBefore.has(input))),
    aggregates: new Set(program.names.aggregates.filter((aggregate) => !aggregatesBefore.has(aggregate))),
  };
  return { ...program, inputs: builder.inputs, rebatePart: part };
}

function checkRebateUse(file: TariffFile, declared: CollectionFile, program: Program): void {
  for (const level of ['property', 'unit', 'owner'] as const) {
    for (const name of Object.keys(declared.inputs[level])) {
      if (program.names.get(level, name)?.used) continue;
      const message = `The input "${name}" is used by nothing.`;
      file.fault(['inputs', level, name], 'unused', name, message, 'Remove it, or use it.');
    }
  }
  for (const name of Object.keys(declared.tables)) {
    if (program.names.tables.get(name)?.used !== false) continue;
    file.fault(
      ['tables', name],
      'unused',
      name,
      `The table "${name}" is used by nothing.`,
      'Remove it, or call it.',
    );
  }
}
