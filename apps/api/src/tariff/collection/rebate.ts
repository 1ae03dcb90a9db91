import { dateInYearSql } from '../language/call.js';
import { compileFormula } from '../language/expression.js';
import { multiply, decimal, formatDecimal, reciprocal } from '../language/decimal.js';
import type { FormulaScope } from '../language/names.js';
import { point } from '../language/interval.js';
import { sqlNumber } from '../language/rounding.js';
import { BOOLEAN, DATE } from '../language/types.js';
import type { Level, Sym } from '../language/value.js';
import type { Builder } from '../build.js';
import type { RebateDeclaration } from '../file/collection-schema.js';
import { FormulaFault, type FilePath } from '../file/fault.js';
import type { TariffFile } from '../file/read.js';
import type { RoundRule } from '../file/schema.js';
import { instalmentColumn } from '../output/instalments.js';
import {
  guarded,
  mustBeMinorUnits,
  mustBeMoney,
  roundedValue,
  type Column,
  type CompiledHead,
  type CompiledRebate,
  type Program,
} from '../program.js';
import { mustBeKnownNames, mustBeUnique } from './given.js';

type Instalment = Program['file']['instalments'][number];

/** One rebate on one head, on the whole year or on one instalment of it. */
interface Target {
  readonly declaration: RebateDeclaration & { round: RoundRule };
  readonly path: FilePath;
  readonly head: CompiledHead;
  readonly instalment: Instalment | null;
  readonly id: string;
}

/** Compiles the rebates of a collection file in their order; faults are reported to the file. */
export function compileRebates(
  file: TariffFile,
  declared: readonly RebateDeclaration[],
  builder: Builder,
  program: Program,
): CompiledRebate[] {
  mustBeUnique(
    file,
    'rebates',
    declared.map(({ name }) => name),
  );
  const compiled: CompiledRebate[] = [];
  declared.forEach((declaration, i) => {
    for (const target of targets(file, declaration, i, program)) {
      const one = compileRebate(file, target, compiled, builder, program);
      if (one) compiled.push(one);
    }
  });
  return compiled;
}

function targets(file: TariffFile, declaration: RebateDeclaration, i: number, program: Program): Target[] {
  const path = ['rebates', i];
  const names = program.heads.map((head) => head.declaration.name);
  const known = { what: 'head of the assessment', names };
  if (!mustBeKnownNames(file, [...path, 'on'], declaration.on, known)) return [];
  const { round, name, given, lapses } = declaration;
  if (lapses && given === 'payment') {
    const message = 'What is given on payment does not lapse.';
    file.fault([...path, 'lapses'], 'value', name, message, 'Give it on demand, or remove "lapses".');
  }
  if (!round) {
    const remedy = 'Add round: {to: 1, mode: half_up}, or what the law says.';
    file.fault(path, 'value', name, `The rebate "${name}" has no rounding.`, remedy);
    return [];
  }
  return declaration.on.flatMap((on, j): Target[] => {
    const head = program.heads.find((one) => one.declaration.name === on)!;
    const whole = { declaration: { ...declaration, round }, path, head };
    if (declaration.per === 'year') return [{ ...whole, instalment: null, id: `${i}_${j}` }];
    return program.file.instalments.map((instalment) => {
      return { ...whole, instalment, id: `${i}_${j}_${instalment.n}` };
    });
  });
}

/**
 * `base` is the head (or its instalment) or what the rebates before have left of it. The rebate is rounded, and never
 * less than nothing nor more than what is left.
 */
function compileRebate(
  file: TariffFile,
  target: Target,
  before: readonly CompiledRebate[],
  builder: Builder,
  program: Program,
): CompiledRebate | null {
  const { declaration, path, head, instalment, id } = target;
  const { round } = declaration;
  const name = head.declaration.name;
  const earlier = before.filter((rebate) => rebate.head === name);
  mustFollow(file, target, earlier);
  const whole = instalment ? instalmentColumn(name, instalment.n) : head.symbol.sql;
  const taken = instalment
    ? earlier.map((rebate) => ` - ${rebate.parts[Number(instalment.n) - 1]}`)
    : earlier.map((rebate) => ` - ${rebate.column.name}`);
  const left = `(${whole}${taken.join('')})`;
  const base = { name: `b_${id}`, sql: declaration.base === 'last' ? left : whole };
  const scope = rebateScope(builder, target, { ...head.symbol, sql: base.name }, program);
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
  const column = { name: `r_${id}`, sql };
  const shares = instalment ? [] : shareOut(target, column.name, earlier, program);
  const parts = program.file.instalments.map(({ n }, i) => {
    return instalment ? (n === instalment.n ? column.name : '0::numeric') : shares[i]!.name;
  });
  const account = declaration.account ?? head.declaration.account;
  const common = { declaration, head: name, instalment: instalment?.n ?? null, account, when };
  return { ...common, amount: amount.value, base, column, shares, parts };
}

/** A rebate on payment comes after those on demand, which are known without it. */
function mustFollow(
  file: TariffFile,
  { declaration, path }: Target,
  earlier: readonly CompiledRebate[],
): void {
  const later = earlier.find((rebate) => rebate.declaration.given === 'payment');
  if (declaration.given !== 'demand' || !later) return;
  const message = `It is given on demand, but "${later.declaration.name}" before it on payment.`;
  file.fault([...path, 'given'], 'value', declaration.name, message, 'Put the rebates on demand first.');
}

/**
 * Shares a rebate of the year out over what the rebates before left of each instalment, in proportion: the whole is
 * cut down to the unit of the instalments up to each of them, so that the parts add up, none is negative and none is
 * more than its instalment.
 */
function shareOut(
  target: Target,
  column: string,
  earlier: readonly CompiledRebate[],
  program: Program,
): Column[] {
  const { head, id } = target;
  const unit = sqlNumber(unitOf(target, earlier, program));
  const left = program.file.instalments.map(({ n }, i) => {
    return [instalmentColumn(head.declaration.name, n), ...earlier.map((rebate) => rebate.parts[i]!)].join(
      ' - ',
    );
  });
  const total = left.map((one) => `(${one})`).join(' + ');
  return left.map((_, i) => {
    const upTo = left
      .slice(0, i + 1)
      .map((one) => `(${one})`)
      .join(' + ');
    const before = left.slice(0, i).map((_none, j) => ` - ri_${id}_${j + 1}`);
    const cut = `div(${column} * (${upTo}), (${total}) * ${unit}) * ${unit}`;
    const share = i === left.length - 1 ? column : `CASE WHEN ${total} = 0 THEN 0::numeric ELSE ${cut} END`;
    return { name: `ri_${id}_${i + 1}`, sql: `(${share}${before.join('')})` };
  });
}

/** The unit of the instalments where head and rebates are whole multiples of it, else the smallest coin. */
function unitOf(target: Target, earlier: readonly CompiledRebate[], program: Program): string {
  const unit = program.file.instalment_rounding.to;
  const inverse = reciprocal(decimal(unit));
  const steps = [target.head.declaration.round, target.declaration.round].concat(
    earlier.map((rebate) => rebate.declaration.round),
  );
  const whole = steps.every(
    ({ to }) => inverse && !formatDecimal(multiply(decimal(to), inverse)).includes('.'),
  );
  return whole ? unit : '0.01';
}

function condition(file: TariffFile, path: FilePath, text: string, scope: FormulaScope) {
  return guarded(file, path, () => {
    const value = compileFormula(text, scope);
    if (value.type.kind === 'boolean') return value;
    throw new FormulaFault('type', text, 'It is not a condition.', 'Write a comparison.');
  });
}

/**
 * A property's names, `base`, of a rebate on an instalment its number and due day, and of one on payment the day and
 * what the payment settles: $5 is the day, $6 lists the numbers of the instalments.
 */
function rebateScope(builder: Builder, target: Target, base: Sym, program: Program): FormulaScope {
  const { declaration, instalment } = target;
  const common = { level: 'given', kind: 'given', optional: false, aggregated: true, used: true } as const;
  const given: Sym[] = [{ ...base, ...common, name: 'base' }];
  if (instalment) {
    const [month, day] = instalment.due.split('-').map(Number);
    const number = decimal(instalment.n);
    given.push(
      { ...common, name: 'due', sql: dateInYearSql(month!, day!), type: DATE },
      {
        ...common,
        name: 'instalment',
        sql: sqlNumber(instalment.n),
        type: { kind: 'number', dimension: null, range: point(number) },
      },
    );
  }
  if (declaration.given === 'payment') {
    const all = program.file.instalments.map(({ n }) => n).join(', ');
    given.push(
      { ...common, name: 'as_of', sql: '$5::date', type: DATE },
      { ...common, name: 'paid_in_full', sql: `($6::int[] @> ARRAY[${all}])`, type: BOOLEAN },
    );
    const settled = instalment && `(${instalment.n} = ANY ($6::int[]))`;
    if (settled) given.push({ ...common, name: 'instalment_paid', sql: settled, type: BOOLEAN });
  }
  const names = new Map(given.map((symbol) => [symbol.name, symbol]));
  return builder.scope('property', (level: Level, name: string) => {
    return level === 'given' ? names.get(name) : undefined;
  });
}
