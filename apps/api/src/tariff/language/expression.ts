import { call } from './call.js';
import { choice, coalesce, extreme } from './choice.js';
import { parseDecimal } from './decimal.js';
import { asNode, DEEPEST_FORMULA, onlyFields, parseFormula, type Node } from './formula.js';
import { prove, withProof, type Proof } from './guard.js';
import { point } from './interval.js';
import { mustBeCondition, nodeText, operator } from './operators.js';
import { sqlNumber, sqlText } from './rounding.js';
import * as types from './types.js';
import { combine, faultAt, mustBeKnown, mustBeTyped, type Context, type Scope, type Value } from './value.js';

/** The longest formula of the known tariffs needs some hundreds. */
const MOST_VISITS = 20_000;

/**
 * Checks a formula and compiles it. The walk below is the whitelist: it knows the few node types of the
 * language and writes the SQL itself, so nothing that it does not know can reach the database. Throws a
 * FormulaFault.
 */
export function compileFormula(text: string, scope: Scope): Value {
  const node = parseFormula(text);
  const value = walk(node, {
    scope,
    depth: 0,
    budget: { left: MOST_VISITS },
    inAggregate: null,
    notNull: new Set(),
    notZero: new Set(),
    walk,
  });
  mustBeKnown(value, node);
  mustBeTyped(value, node);
  return value;
}

function walk(node: Node, outer: Context): Value {
  const context = { ...outer, depth: outer.depth + 1 };
  context.budget.left -= 1;
  if (context.budget.left < 0) {
    const message = 'The conditions of the formula are nested too deeply.';
    faultAt(node, 'too_large', `more than ${MOST_VISITS} parts`, message, 'Split it into steps.');
  }
  if (context.depth > DEEPEST_FORMULA) {
    faultAt(
      node,
      'too_large',
      `${context.depth} levels`,
      'The formula is nested too deeply.',
      'Split it into steps.',
    );
  }
  switch (node.type) {
    case 'A_Const':
      return constant(node);
    case 'ColumnRef':
      return name(node, context);
    case 'A_Expr':
      return operator(node, context);
    case 'BoolExpr':
      return logic(node, context);
    case 'NullTest':
      return nullTest(node, context);
    case 'CaseExpr':
      return choice(node, context);
    case 'CoalesceExpr':
      return coalesce(node, context);
    case 'MinMaxExpr':
      return extreme(node, context);
    case 'FuncCall':
      return call(node, context);
    default:
      return refuseNode(node);
  }
}

const REFUSED: Record<string, [what: string, remedy: string]> = {
  SubLink: ['A subquery', 'Use tables and aggregates over units or owners.'],
  TypeCast: ['A cast', 'Types are declared under "inputs"; rounding is the step\'s "round".'],
  BooleanTest: ['"is true"', 'Write the condition itself, or not (...).'],
  SQLValueFunction: [
    'A value of the session or the clock',
    'A tariff never reads the clock; use fy or as_of.',
  ],
  ParamRef: ['A parameter', 'Use declared names.'],
  A_ArrayExpr: ['An array', 'Use in (...).'],
  A_Indirection: ['A subscript or field', 'Use declared names.'],
  RowExpr: ['A row', 'Write one value.'],
  NamedArgExpr: ['A named argument', 'Write name(argument, ...).'],
};

function refuseNode(node: Node): never {
  const [what, remedy] = REFUSED[node.type] ?? [
    `"${node.type}"`,
    'Use only what the tariff language allows.',
  ];
  let shown = node.type;
  try {
    shown = nodeText(node);
  } catch {
    // The deparser does not know every node; the type's name is then all that can be shown.
  }
  return faultAt(node, 'formula_not_allowed', shown, `${what} is not allowed.`, remedy);
}

function constant(node: Node): Value {
  onlyFields(node, ['ival', 'fval', 'sval', 'boolval'], 'A constant');
  const field = (key: string) => (node.fields[key] as Record<string, unknown> | undefined) ?? null;
  const text = field('sval');
  if (text) {
    const content = String(text['sval'] ?? '');
    return { ...combine(sqlText(content), types.BOOLEAN, []), text: content };
  }
  const truth = field('boolval');
  if (truth) return combine(truth['boolval'] === true ? 'true' : 'false', types.BOOLEAN, []);
  const written = String(field('ival')?.['ival'] ?? field('fval')?.['fval'] ?? '0');
  const value = parseDecimal(written.startsWith('.') ? `0${written}` : written.replace(/\.$/, ''));
  if (!value) {
    return faultAt(
      node,
      'too_large',
      written,
      'The number is too long or in exponent form.',
      'Write it plainly.',
    );
  }
  const type: types.Type = { kind: 'number', dimension: null, range: point(value) };
  const plain = written.startsWith('.') ? `0${written}` : written.replace(/\.$/, '');
  return { ...combine(sqlNumber(plain), type, []), constant: value };
}

function name(node: Node, context: Context): Value {
  onlyFields(node, ['fields'], 'A name');
  const parts = (node.fields['fields'] as unknown[]).map((part) => {
    const text = asNode(part).fields['sval'];
    return typeof text === 'string'
      ? text
      : faultAt(node, 'formula_not_allowed', '*', '"*" is not allowed.', 'Name it.');
  });
  if (parts.length > 2) {
    const shown = parts.join('.');
    faultAt(node, 'formula_not_allowed', shown, `"${shown}" names a schema.`, 'Write name or unit.name.');
  }
  const [last] = parts.slice(-1);
  const symbol = context.scope.resolve(parts.length === 2 ? parts[0]! : null, last!, context);
  symbol.used = true;
  const nullable = symbol.optional && !context.notNull.has(symbol);
  const value = combine(symbol.sql, symbol.type, [], nullable);
  return { ...value, symbols: new Set([symbol]) };
}

/**
 * and, or, not. An operand may rely on what the ones before it say about NULL (`x is not null and x > 5`):
 * the result is then decided without it. It may not rely on them for a divisor: SQL promises no order of
 * evaluation here.
 */
function logic(node: Node, context: Context): Value {
  onlyFields(node, ['boolop', 'args'], 'and, or, not');
  const nodes = (node.fields['args'] as unknown[]).map(asNode);
  const operator = node.fields['boolop'];
  const proofs: Proof[] = [];
  const values = nodes.map((part) => {
    const inside = withProof(context, proofs);
    const value = context.walk(part, inside);
    mustBeKnown(value, part);
    mustBeCondition(value, part);
    proofs.push({ ...prove(part, operator === 'AND_EXPR', inside), notZero: new Set() });
    return value;
  });
  const sqls = values.map((value) => value.sql);
  const sql =
    operator === 'NOT_EXPR'
      ? `(NOT ${sqls[0]})`
      : `(${sqls.join(operator === 'AND_EXPR' ? ' AND ' : ' OR ')})`;
  return combine(sql, types.BOOLEAN, values);
}

function nullTest(node: Node, context: Context): Value {
  onlyFields(node, ['arg', 'nulltesttype'], 'is null');
  const part = asNode(node.fields['arg']);
  const value = context.walk(part, context);
  if (!(part.type === 'ColumnRef' || part.type === 'FuncCall') || !value.nullable) {
    const shown = nodeText(part);
    faultAt(
      node,
      'null',
      shown,
      `"${shown}" is never unknown here.`,
      'Declare the input optional, or drop the test.',
    );
  }
  const test = node.fields['nulltesttype'] === 'IS_NULL' ? 'IS NULL' : 'IS NOT NULL';
  return combine(`(${value.sql} ${test})`, types.BOOLEAN, [value]);
}
