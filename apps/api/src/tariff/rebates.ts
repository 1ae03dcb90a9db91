import { createHash } from 'node:crypto';
import type { Label } from '../core/label.js';
import { Builder, givenOfPayment } from './build.js';
import { checkCases, type Place } from './check-cases.js';
import type { CompiledTariff } from './compile.js';
import { checkShape } from './file/check-shape.js';
import { FormulaFault, type FilePath, type TariffFault } from './file/fault.js';
import { TariffFile } from './file/read.js';
import {
  collectionFile,
  type CollectionCase,
  type CollectionFile,
  type RebateDeclaration,
} from './file/schema.js';
import { compileFormula } from './language/expression.js';
import { loadParser } from './language/formula.js';
import { FormulaScope } from './language/names.js';
import type { Level, Sym } from './language/value.js';
import { explainSql } from './output/explain.js';
import {
  guarded,
  mustBeMinorUnits,
  mustBeMoney,
  roundedValue,
  type CompiledRebate,
  type Program,
} from './program.js';

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
   * parameters: $5 the day of the payment (date or NULL) and $6 whether it settles the year (boolean or
   * NULL).
   */
  explainSql: string;
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
  const program = withRebates(file, declared, tariff.program);
  if (program) {
    const { applies_to } = tariff.program.file;
    checkCases(file, declared.cases, program.inputs, applies_to);
  }
  if (!program || file.faults.length > 0) return null;
  return {
    sha256: createHash('sha256').update(file.text).digest('hex'),
    body: declared.tariff,
    title: declared.title,
    status: declared.status,
    law: declared.law,
    inForceFrom: from,
    inForceTo: to ?? null,
    rebates: declared.rebates.map(({ name, label, reference, given, on }) => ({
      name,
      label,
      reference,
      given,
      on,
    })),
    explainSql: explainSql(program),
    cases: declared.cases,
    casePlaces: declared.cases.map((_, i) => file.place(['cases', i])),
  };
}

/** The assessment's program built afresh, so that nothing of this collection file is left behind in it. */
function withRebates(file: TariffFile, declared: CollectionFile, assessment: Program): Program | null {
  const builder = new Builder(file, assessment.file);
  const program = builder.build();
  if (!program) return null;
  const inputsBefore = new Set(builder.inputs);
  const aggregatesBefore = new Set(program.names.aggregates);
  const usedBefore = new Set(program.names.all().filter((symbol) => symbol.used));
  for (const symbol of program.names.all()) if (symbol.kind === 'input') symbol.used = false;
  const taken = Object.keys(declared.tables).filter((name) => builder.hasTable(name));
  for (const name of taken) {
    const message = `The assessment file has a table "${name}".`;
    file.fault(['tables', name], 'duplicate_key', name, message, 'Choose another name.');
  }
  if (taken.length > 0) return null;
  builder.addInputs(declared.inputs, file);
  builder.addTables(declared.tables);
  builder.addNeeds(file, declared.inputs);
  const rebates = declared.rebates.flatMap((rebate, i) => {
    return rebate.on.map((head, j) => ({ rebate, head, path: ['rebates', i], id: `${i}_${j}` }));
  });
  const compiled: CompiledRebate[] = [];
  for (const { rebate, head, path, id } of rebates) {
    const one = compileRebate(file, path, id, rebate, head, compiled, builder, program);
    if (one) compiled.push(one);
  }
  for (const name of Object.keys(declared.tables))
    guarded(file, ['tables', name], () => builder.findTable(name));
  checkRebateUse(file, declared, program);
  for (const symbol of usedBefore) symbol.used = true;
  const part = {
    rebates: compiled,
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

/**
 * One rebate on one head: `base` is the head or what the rebates before have left of it. It is rounded, and
 * never less than nothing nor more than what is left.
 */
function compileRebate(
  file: TariffFile,
  path: FilePath,
  id: string,
  declaration: RebateDeclaration,
  head: string,
  before: readonly CompiledRebate[],
  builder: Builder,
  program: Program,
): CompiledRebate | null {
  const owed = program.names.get('head', head);
  if (!owed) {
    const remedy = `Use one of: ${program.heads.map((known) => known.declaration.name).join(', ')}.`;
    file.fault([...path, 'on'], 'unknown_name', head, `"${head}" is no head of the assessment.`, remedy);
    return null;
  }
  const { round } = declaration;
  if (!round) {
    const message = `The rebate "${declaration.name}" has no rounding.`;
    file.fault(
      path,
      'value',
      declaration.name,
      message,
      'Add round: {to: 1, mode: half_up}, or what the law says.',
    );
    return null;
  }
  const earlier = before.filter((rebate) => rebate.head === head).map((rebate) => ` - ${rebate.column.name}`);
  const left = `(${owed.sql}${earlier.join('')})`;
  const base = { name: `b_${id}`, sql: declaration.base === 'last' ? left : owed.sql };
  const scope = rebateScope(builder, declaration, {
    ...owed,
    name: 'base',
    level: 'given',
    kind: 'given',
    sql: base.name,
  });
  const amount = guarded(file, [...path, 'formula'], () => {
    const value = compileFormula(declaration.formula, scope);
    mustBeMoney(value.type, declaration.formula);
    return { value, sql: roundedValue(value, round).sql };
  });
  guarded(file, [...path, 'round', 'to'], () => mustBeMinorUnits(round));
  const when =
    declaration.when === undefined ? null : condition(file, [...path, 'when'], declaration.when, scope);
  if (!amount || (declaration.when !== undefined && !when)) return null;
  const granted = `least(greatest(${amount.sql}, 0::numeric), ${left})`;
  const sql = when ? `CASE WHEN ${when.sql} THEN ${granted} ELSE 0::numeric END` : granted;
  return {
    declaration: { ...declaration, round },
    head,
    amount: amount.value,
    when,
    base,
    column: { name: `r_${id}`, sql },
  };
}

function condition(file: TariffFile, path: FilePath, text: string, scope: FormulaScope) {
  return guarded(file, path, () => {
    const value = compileFormula(text, scope);
    if (value.type.kind === 'boolean') return value;
    throw new FormulaFault('type', text, 'It is not a condition.', 'Write a comparison.');
  });
}

/** A property's names, `base`, and for a rebate on payment the payment's own. */
function rebateScope(builder: Builder, declaration: RebateDeclaration, base: Sym): FormulaScope {
  const given = new Map(
    [base, ...(declaration.given === 'payment' ? givenOfPayment() : [])].map((s) => [s.name, s]),
  );
  return builder.scope('property', (level: Level, name: string) => {
    return level === 'given' ? given.get(name) : undefined;
  });
}
