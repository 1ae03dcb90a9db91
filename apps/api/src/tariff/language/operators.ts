import pgsqlDeparser from 'pgsql-deparser';
import { compare, formatDecimal, reciprocal, ZERO } from './decimal.js';
import { asNode, onlyFields, simpleName, type Node } from './formula.js';
import { hull, minus, plus, quotient, times } from './interval.js';
import { mustNotBeZero } from './guard.js';
import { sqlNumber, sqlText } from './rounding.js';
import * as types from './types.js';
import { combine, faultAt, mustBeKnown, mustBeTyped, type Context, type Value } from './value.js';

const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='];
const ARITHMETIC = ['+', '-', '*', '/'];

/** The text of a part of a formula as PostgreSQL writes it, for messages and explanations. */
export function nodeText(node: Node): string {
  return pgsqlDeparser.deparseSync({ [node.type]: node.fields } as never);
}

/**
 * Operators: + - * /, comparisons, IN, BETWEEN. Everything else that PostgreSQL parses as an operator is
 * refused.
 */
export function operator(node: Node, context: Context): Value {
  onlyFields(node, ['kind', 'name', 'lexpr', 'rexpr', 'rexpr_list_start', 'rexpr_list_end'], 'An operator');
  const symbol = simpleName(node.fields['name'], node);
  switch (node.fields['kind']) {
    case 'AEXPR_OP':
      if (node.fields['lexpr'] === undefined) return negative(symbol, node, context);
      if (ARITHMETIC.includes(symbol)) return arithmetic(symbol, node, context);
      if (COMPARISONS.includes(symbol)) return comparison(symbol, node, context);
      break;
    case 'AEXPR_IN':
      return membership(symbol === '<>', node, context);
    case 'AEXPR_BETWEEN':
    case 'AEXPR_NOT_BETWEEN':
      return between(node.fields['kind'] === 'AEXPR_NOT_BETWEEN', node, context);
  }
  const remedy = `Allowed are ${[...ARITHMETIC, ...COMPARISONS].join(' ')}, in, between, is null, and, or, not.`;
  return faultAt(node, 'formula_not_allowed', symbol, `The operator "${symbol}" is not allowed.`, remedy);
}

function operand(node: Node, field: string, context: Context): Value {
  const part = asNode(node.fields[field]);
  const value = context.walk(part, context);
  mustBeKnown(value, part);
  return value;
}

/** The value as a number, or a fault. */
export function asNumber(value: Value, node: Node): types.NumberType {
  mustBeTyped(value, node);
  if (value.type.kind === 'number') return value.type;
  const message = `"${nodeText(node)}" is ${types.describeType(value.type)}, not a number.`;
  return faultAt(node, 'type', nodeText(node), message, 'Use a number here.');
}

/** The value as a condition, or a fault. */
export function mustBeCondition(value: Value, node: Node): void {
  mustBeTyped(value, node);
  if (value.type.kind === 'boolean') return;
  const message = `"${nodeText(node)}" is ${types.describeType(value.type)}, not a condition.`;
  faultAt(node, 'type', nodeText(node), message, 'Write a comparison or a boolean input.');
}

function negative(symbol: string, node: Node, context: Context): Value {
  const inner = operand(node, 'rexpr', context);
  const type = asNumber(inner, asNode(node.fields['rexpr']));
  if (symbol !== '-')
    faultAt(node, 'formula_not_allowed', symbol, `"${symbol}" is not allowed here.`, 'Remove it.');
  return combine(`(- ${inner.sql})`, { ...type, range: minus(type.range) }, [inner]);
}

function arithmetic(symbol: string, node: Node, context: Context): Value {
  const [left, right] = [operand(node, 'lexpr', context), operand(node, 'rexpr', context)];
  const [leftNode, rightNode] = [asNode(node.fields['lexpr']), asNode(node.fields['rexpr'])];
  if (left.type.kind === 'date' && (symbol === '+' || symbol === '-')) {
    return dateShift(symbol, left, right, rightNode);
  }
  const [a, b] = [asNumber(left, leftNode), asNumber(right, rightNode)];
  if (symbol === '*') {
    const dimension = types.dimensionOfProduct(a.dimension, b.dimension, 1);
    return combine(
      `(${left.sql} * ${right.sql})`,
      { kind: 'number', dimension, range: times(a.range, b.range) },
      [left, right],
    );
  }
  if (symbol === '/') return division(node, left, right, context);
  const dimension = commonDimension(a, b, node);
  const range = plus(a.range, symbol === '+' ? b.range : minus(b.range));
  return combine(`(${left.sql} ${symbol} ${right.sql})`, { kind: 'number', dimension, range }, [left, right]);
}

/** A date moves by whole days that are written in the formula. */
function dateShift(symbol: string, left: Value, right: Value, rightNode: Node): Value {
  const days = right.constant && formatDecimal(right.constant);
  if (!days || !/^\d{1,4}$/.test(days)) {
    faultAt(
      rightNode,
      'type',
      nodeText(rightNode),
      'A date moves by a whole number of days.',
      'Write e.g. + 15.',
    );
  }
  return combine(`(${left.sql} ${symbol} ${days})`, types.DATE, [left, right]);
}

/**
 * A quotient has the tariff's stated scale, so that it does not depend on how PostgreSQL guesses one. A
 * constant divisor whose reciprocal ends (100) becomes an exact product; else the divisor's scale is lifted,
 * which makes PostgreSQL compute at least that many decimals, and the quotient is rounded to it.
 */
function division(node: Node, left: Value, right: Value, context: Context): Value {
  const rightNode = asNode(node.fields['rexpr']);
  mustNotBeZero(right, rightNode, nodeText(rightNode), context);
  const [a, b] = [left.type as types.NumberType, right.type as types.NumberType];
  const dimension = types.dimensionOfProduct(a.dimension, b.dimension, -1);
  const positive = right.constant && compare(right.constant, ZERO) > 0;
  const factor = right.constant && reciprocal(right.constant);
  const range = factor
    ? times(a.range, { min: factor, max: factor })
    : positive || right.constant === null
      ? quotient(a.range, b.range)
      : quotient(minus(a.range), minus(b.range));
  const scale = context.scope.quotientScale;
  const one = `1.${'0'.repeat(scale)}`;
  const sql = factor
    ? `(${left.sql} * ${sqlNumber(formatDecimal(factor))})`
    : `round(${left.sql} / (${right.sql} * ${one}), ${scale})`;
  return combine(sql, { kind: 'number', dimension, range }, [left, right]);
}

/**
 * The dimension of a sum, a comparison or a choice: both sides must have the same, a constant takes its
 * partner's.
 */
export function commonDimension(
  a: types.NumberType,
  b: types.NumberType,
  node: Node,
): types.Dimension | null {
  if (a.dimension === null || b.dimension === null) return a.dimension ?? b.dimension;
  if (types.sameDimension(a.dimension, b.dimension)) return a.dimension;
  const [x, y] = [types.describeDimension(a.dimension), types.describeDimension(b.dimension)];
  const message = `"${nodeText(node)}" mixes ${x} with ${y}.`;
  return faultAt(
    node,
    'unit',
    nodeText(node),
    message,
    'Multiply by a rate first, or state the "unit" of the table.',
  );
}

/** The common type of values that are compared or chosen between; texts become codes of the others' lists. */
export function unify(values: readonly Value[], node: Node): types.Type {
  const typed = values.filter((value) => value.text === null);
  const [first] = typed;
  if (!first) {
    return faultAt(
      node,
      'type',
      nodeText(node),
      'Only texts stand here.',
      'Let one side be a code input or step.',
    );
  }
  const type = typed.slice(1).reduce<types.Type>((sum, value) => join(sum, value.type, node), first.type);
  for (const value of values) if (value.text !== null) mustBeCodeOf(value.text, type, node);
  return type;
}

function join(a: types.Type, b: types.Type, node: Node): types.Type {
  if (a.kind === 'number' && b.kind === 'number') {
    return { kind: 'number', dimension: commonDimension(a, b, node), range: hull(a.range, b.range) };
  }
  if (a.kind === 'code' && b.kind === 'code')
    return { kind: 'code', codes: [...new Set([...a.codes, ...b.codes])] };
  if (a.kind === b.kind) return a;
  const message = `"${nodeText(node)}" mixes ${types.describeType(a)} with ${types.describeType(b)}.`;
  return faultAt(node, 'type', nodeText(node), message, 'Compare and choose between values of one type.');
}

function mustBeCodeOf(text: string, type: types.Type, node: Node): void {
  if (type.kind !== 'code') {
    const message = `The text "${text}" meets ${types.describeType(type)}.`;
    faultAt(node, 'type', text, message, 'Write numbers without quotes.');
  } else if (!type.codes.includes(text)) {
    const known = type.codes.slice(0, 12).join(', ');
    faultAt(
      node,
      'unknown_code',
      text,
      `"${text}" is not a declared code.`,
      `Use one of ${known}, or declare it.`,
    );
  }
}

function comparison(symbol: string, node: Node, context: Context): Value {
  const [left, right] = [operand(node, 'lexpr', context), operand(node, 'rexpr', context)];
  const type = unify([left, right], node);
  if (type.kind !== 'number' && type.kind !== 'date' && symbol !== '=' && symbol !== '<>') {
    const message = `"${symbol}" orders ${types.describeType(type)}, which has no order.`;
    faultAt(node, 'type', nodeText(node), message, 'Use = , <> or in.');
  }
  if (left.type.kind === 'code' && right.type.kind === 'code' && left.text === null && right.text === null) {
    const others = right.type.codes;
    if (!left.type.codes.some((code) => others.includes(code))) {
      faultAt(
        node,
        'type',
        nodeText(node),
        'The two code lists share no code.',
        'Compare codes of one list.',
      );
    }
  }
  return combine(`(${left.sql} ${symbol} ${right.sql})`, types.BOOLEAN, [left, right]);
}

function listItems(node: Node, context: Context): { nodes: Node[]; values: Value[] } {
  const list = asNode(node.fields['rexpr']);
  if (list.type !== 'List') {
    faultAt(
      node,
      'formula_not_allowed',
      nodeText(node),
      'A subquery is not allowed.',
      'Write the values out.',
    );
  }
  onlyFields(list, ['items'], 'A list');
  const nodes = (list.fields['items'] as unknown[]).map(asNode);
  const values = nodes.map((item) => context.walk(item, context));
  values.forEach((value, i) => mustBeKnown(value, nodes[i]!));
  return { nodes, values };
}

function membership(negated: boolean, node: Node, context: Context): Value {
  const left = operand(node, 'lexpr', context);
  const { values } = listItems(node, context);
  unify([left, ...values], node);
  const list = values.map((value) => (value.text === null ? value.sql : sqlText(value.text))).join(', ');
  return combine(`(${left.sql} ${negated ? 'NOT IN' : 'IN'} (${list}))`, types.BOOLEAN, [left, ...values]);
}

function between(negated: boolean, node: Node, context: Context): Value {
  const left = operand(node, 'lexpr', context);
  const { nodes, values } = listItems(node, context);
  const type = unify([left, ...values], node);
  if (type.kind !== 'date') [left, ...values].forEach((value, i) => asNumber(value, nodes[i - 1] ?? node));
  const [low, high] = values;
  const sql = `(${left.sql} ${negated ? 'NOT BETWEEN' : 'BETWEEN'} ${low!.sql} AND ${high!.sql})`;
  return combine(sql, types.BOOLEAN, [left, ...values]);
}
