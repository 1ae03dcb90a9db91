import type { BoundInput } from '../binding.js';
import { dateInYearSql } from '../language/call.js';
import { sqlText } from '../language/rounding.js';
import type { Type } from '../language/types.js';
import type { Aggregate, Value } from '../language/value.js';
import { rowSql } from '../table/lookup.js';
import type { CompiledStep, Column, Program } from '../program.js';
import { assessmentColumns, exemptSql, missingSql } from './chunk.js';
import { instalmentColumn } from './instalments.js';
import { layered } from './layers.js';
import { explainedRebates, rebateColumns } from './rebates.js';
import { inputsOf, ONE, propertyBase, propertyRebateMiss, reads } from './stages.js';

/** A constant of the tariff (a label, a rule) inside the explanation. */
export function literal(value: unknown): string {
  return value === undefined || value === null ? 'NULL' : `${sqlText(JSON.stringify(value))}::json`;
}

/** A value for people: numbers as exact text without trailing zeros. */
export function shown(sql: string, type: Type): string {
  if (type.kind === 'number') return `trim_scale(${sql})::text`;
  return type.kind === 'date' ? `(${sql})::text` : sql;
}

export function object(members: Record<string, string>): string {
  return `json_build_object(${Object.entries(members)
    .map(([key, sql]) => `${sqlText(key)}, ${sql}`)
    .join(', ')})`;
}

export function array(items: readonly string[]): string {
  return `json_build_array(${items.join(', ')})`;
}

/** What every step, head and rebate has in its file and in its explanation. */
interface Explained {
  readonly name: string;
  readonly label: unknown;
  readonly reference?: string | undefined;
  readonly note?: string | undefined;
  readonly round?: unknown;
}

/**
 * A formula with the values it was reckoned with, the table rows it used, and the result before and after
 * rounding.
 */
export function item(declared: Explained, formula: string, value: Value, result: string, more = {}): string {
  return object({
    name: literal(declared.name),
    label: literal(declared.label),
    reference: literal(declared.reference),
    note: literal(declared.note),
    formula: literal(formula),
    operands: operands(value),
    lookups: lookups(value),
    beforeRounding: shown(value.sql, value.type),
    round: literal(declared.round),
    value: result,
    ...more,
  });
}

function operands(value: Value): string {
  const names = [...value.symbols].map((symbol) => {
    return object({ name: literal(symbol.name), value: shown(symbol.sql, symbol.type) });
  });
  const sums = value.aggregates.map((aggregate) => {
    return object({ name: literal(aggregate.text), value: `${aggregate.column}::text` });
  });
  return array([...names, ...sums]);
}

function lookups(value: Value): string {
  return array(
    value.lookups.map(({ table, keys, sql }) => {
      const named = table.keys.map((key, i) => {
        return object({ name: literal(key.name), value: shown(keys[i]!, key.type) });
      });
      return object({
        table: literal(table.name),
        reference: literal(table.reference),
        note: literal(table.note),
        keys: array(named),
        row: rowSql(table, keys),
        value: shown(sql, table.result),
      });
    }),
  );
}

function inputs(bound: readonly BoundInput[]): string {
  return array(
    bound.map(({ name, declaration, symbol, rawColumn, column }) => {
      const value = shown(column, symbol.type);
      return object({
        name: literal(name),
        label: literal(declaration.label),
        value,
        stored: `${rawColumn}::text`,
      });
    }),
  );
}

function step({ declaration, value, symbol }: CompiledStep): string {
  return item(declaration, declaration.formula, value, shown(symbol.sql, symbol.type));
}

/** What a unit or an owner adds to an aggregate that is used further up. */
function term({ text, argument, filter }: Aggregate): string {
  return object({
    of: literal(text),
    value: argument ? shown(argument.sql, argument.type) : 'NULL',
    counted: filter ? filter.sql : 'true',
    lookups: argument ? lookups(argument) : literal([]),
  });
}

function rowExplained(program: Program, level: 'unit' | 'owner'): string {
  const alias = level === 'unit' ? 'u' : 'o';
  const steps = program.steps.filter((candidate) => candidate.level === level);
  const terms = program.names.aggregates.filter((aggregate) => aggregate.level === level);
  return object({
    no: `${alias}__no`,
    missing: `string_to_array(${alias}__miss, chr(31))`,
    inputs: inputs(inputsOf(program, level)),
    steps: array(steps.map(step)),
    terms: array(terms.map(term)),
  });
}

const paise = (sql: string) => `(${sql} * 100)::bigint::text`;

function head(program: Program, compiled: Program['heads'][number]): string {
  const { declaration, value, symbol } = compiled;
  const freeing = program.exemptions.filter(({ heads }) => heads.includes(declaration.name));
  const names = freeing.map(
    (exemption) => `CASE WHEN ${exemption.column} THEN ${literal(exemption.declaration.name)} END`,
  );
  const demanded = shown(symbol.sql, symbol.type);
  return item(declaration, declaration.formula, value, demanded, {
    account: literal(declaration.account),
    per: literal(declaration.per),
    partPaise: paise(compiled.part.sql),
    exemptedBy: names.length > 0 ? `coalesce(${names.join(', ')})` : 'NULL',
    paise: paise(symbol.sql),
  });
}

function instalments(program: Program): string {
  return array(
    program.file.instalments.map((part) => {
      const [month, day] = part.due.split('-').map(Number);
      const columns = program.heads.map((compiled) => instalmentColumn(compiled.declaration.name, part.n));
      const amounts = Object.fromEntries(
        program.heads.map((compiled, i) => [compiled.declaration.name, paise(columns[i]!)] as const),
      );
      return object({
        n: part.n,
        due: `${dateInYearSql(month!, day!)}::text`,
        share: literal(part.share),
        paise: object(amounts),
        totalPaise: paise(`(${columns.join(' + ')})`),
      });
    }),
  );
}

function exemptions(program: Program): string {
  return array(
    program.exemptions.map(({ declaration, value, column, heads }) => {
      return item(declaration, declaration.when, value, column, { heads: literal(heads) });
    }),
  );
}

/**
 * The SELECT of one property's explanation: see `CompiledTariff.explainSql`. With rebates it also takes $5
 * and $6.
 */
export function explainSql(program: Program): string {
  const { file } = program;
  const total = `(${program.heads.map((compiled) => compiled.symbol.sql).join(' + ')})`;
  const members: Record<string, string> = {
    property: object({ id: 'property_id', number: 'property_number', wardNumber: 'ward_number' }),
    tariff: literal({
      body: file.tariff,
      title: file.title,
      law: file.law,
      status: file.status,
      note: file.note,
      units: file.units,
    }),
    fy: '$2::int',
    effectiveOn: '($3::date)::text',
    missing: missingSql(program),
    exempt: exemptSql(program),
    inputs: inputs(inputsOf(program, 'property')),
    units: reads(program, 'unit') ? 'u__explained' : 'NULL',
    owners: reads(program, 'owner') ? 'o__explained' : 'NULL',
    steps: array(program.steps.filter(({ level }) => level === 'property').map(step)),
    exemptions: exemptions(program),
    heads: array(program.heads.map((compiled) => head(program, compiled))),
    instalments: instalments(program),
    totalPaise: `CASE WHEN p__complete THEN ${paise(total)} END`,
    ...(program.rebatePart ? explainedRebates(program, total) : {}),
  };
  const extra = { unit: rowExplained(program, 'unit'), owner: rowExplained(program, 'owner') };
  const columns: Column[] = [
    ...assessmentColumns(program),
    ...propertyRebateMiss(program),
    ...(program.rebatePart ? rebateColumns(program) : []),
  ];
  const inner = layered(propertyBase(program, ONE, extra), columns);
  return `SELECT ${object(members)} AS explanation\nFROM (${inner} OFFSET 0) c WHERE property_id IS NOT NULL`;
}
