import { formatDecimal, ONE, ZERO } from './decimal.js';
import { asNode, onlyFields, simpleName, type Node } from './formula.js';
import { ANY, hull, isNotNegative, NOT_NEGATIVE, point, rounded } from './interval.js';
import { asNumber, mustBeCondition, nodeText } from './operators.js';
import * as types from './types.js';
import { combine, faultAt, mustBeKnown, mustBeTyped, type Context, type Value } from './value.js';
import { lookup } from '../table/lookup.js';

const AGGREGATES = ['sum', 'count', 'min', 'max', 'bool_or', 'bool_and'];
const FUNCTIONS = ['floor', 'ceil', 'abs', 'date_in_fy', 'months_started', 'days', 'previous'];

/**
 * A call: an allowed function, an aggregate over units or owners, or a declared table. Nothing else exists.
 */
export function call(node: Node, context: Context): Value {
  const name = simpleName(node.fields['funcname'], node);
  const aggregate = AGGREGATES.includes(name);
  onlyFields(
    node,
    ['funcname', 'args', 'funcformat', ...(aggregate ? ['agg_filter'] : [])],
    `A call of ${name}`,
  );
  if (node.fields['funcformat'] !== 'COERCE_EXPLICIT_CALL') {
    faultAt(node, 'formula_not_allowed', name, 'This notation is not allowed.', 'Write name(argument, ...).');
  }
  const nodes = ((node.fields['args'] ?? []) as unknown[]).map(asNode);
  const table = context.scope.table(name);
  if (table) return lookup(table, nodes, node, context);
  if (aggregate) return aggregation(name, nodes, node, context);
  if (name === 'date_in_fy') return dateInYear(nodes, node, context);
  if (name === 'months_started' || name === 'days') return span(name, nodes, node, context);
  if (name === 'previous') return previous(nodes, node, context);
  if (FUNCTIONS.includes(name)) return numeric(name, nodes, node, context);
  const hint = name === 'round' ? 'Use the "round" of the step.' : `Allowed: ${knownNames(context)}.`;
  return faultAt(node, 'formula_not_allowed', name, `The function "${name}" is not allowed.`, hint);
}

function knownNames(context: Context): string {
  return [...FUNCTIONS, ...AGGREGATES, ...context.scope.tableNames].join(', ');
}

function numeric(name: string, nodes: Node[], node: Node, context: Context): Value {
  if (nodes.length !== 1) faultAt(node, 'type', name, `${name} takes one argument.`, 'Correct the call.');
  const value = context.walk(nodes[0]!, context);
  mustBeKnown(value, nodes[0]!);
  const type = asNumber(value, nodes[0]!);
  const range =
    name === 'abs' ? (isNotNegative(type.range) ? type.range : NOT_NEGATIVE) : rounded(type.range, ONE);
  return combine(`${name}(${value.sql})`, { ...type, range }, [value]);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The SQL of a day of a financial year, which begins on 1 April: date_in_fy(6, 30) of 2019-20 is 2019-06-30.
 * `fySql` gives the first calendar year.
 */
export function dateInYearSql(month: number, day: number, fySql = '$2::int'): string {
  return `make_date(${fySql} + ${month < 4 ? 1 : 0}, ${month}, ${day})`;
}

/** True for a month and day that every year has; 29 February is none. */
export function isYearlyDay(month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= DAYS[month - 1]!;
}

function dateInYear(nodes: Node[], node: Node, context: Context): Value {
  const values = nodes.map((part) => context.walk(part, context).constant);
  const [month, day] = values.map((value) => (value ? Number(formatDecimal(value)) : NaN));
  if (
    values.length !== 2 ||
    !Number.isInteger(month) ||
    !Number.isInteger(day) ||
    !isYearlyDay(month!, day!)
  ) {
    faultAt(node, 'type', nodeText(node), 'This is no day of every year.', 'Write date_in_fy(month, day).');
  }
  return combine(dateInYearSql(month!, day!, context.scope.fySql), types.DATE, []);
}

/**
 * days(from, to) counts the days after `from` up to and with `to`; months_started(from, to) the months that
 * begin among them, counted from the day after `from`: due on 30 June, the first month is July, and 1 August
 * begins the second. Both are 0 where `to` is not later.
 */
function span(name: string, nodes: Node[], node: Node, context: Context): Value {
  if (nodes.length !== 2) {
    faultAt(node, 'type', name, `${name} takes two dates.`, `Write ${name}(from, to).`);
  }
  const values = nodes.map((part) => {
    const value = context.walk(part, context);
    mustBeKnown(value, part);
    if (value.type.kind === 'date' && value.text === null) return value;
    const shown = nodeText(part);
    return faultAt(
      part,
      'type',
      shown,
      `"${shown}" is not a date.`,
      `Write ${name}(from, to) with two dates.`,
    );
  });
  const [from, to] = values.map((value) => value.sql);
  const sql = name === 'days' ? `(${to} - ${from})::numeric` : monthsSql(`(${from} + 1)`, to!);
  const later = `(CASE WHEN ${to} <= ${from} THEN 0::numeric ELSE ${sql} END)`;
  return combine(later, { kind: 'number', dimension: null, range: NOT_NEGATIVE }, values);
}

/** Months begun from `first` to `last`, both included; a month that lacks the day begins with the next one's first. */
function monthsSql(first: string, last: string): string {
  const months = (day: string) => `extract(year FROM ${day}) * 12 + extract(month FROM ${day})`;
  const begun = `CASE WHEN extract(day FROM ${last}) >= extract(day FROM ${first}) THEN 1 ELSE 0 END`;
  return `(${months(last)} - (${months(first)}) + ${begun})`;
}

/** `previous(x)`: the carried step's value in the last published assessment of an earlier year; may be NULL. */
function previous(nodes: Node[], node: Node, context: Context): Value {
  const [part] = nodes;
  const names = part?.type === 'ColumnRef' ? (part.fields['fields'] as unknown[]) : [];
  const texts = names.map((name) => asNode(name).fields['sval']);
  if (
    nodes.length !== 1 ||
    texts.length === 0 ||
    texts.length > 2 ||
    texts.some((text) => typeof text !== 'string')
  ) {
    faultAt(
      node,
      'type',
      nodeText(node),
      'previous takes the name of a carried step.',
      'Write previous(name).',
    );
  }
  const name = String(texts.at(-1));
  const symbol = context.scope.previous(texts.length === 2 ? String(texts[0]) : null, name, context);
  symbol.used = true;
  const value = combine(symbol.sql, symbol.type, [], !context.notNull.has(symbol));
  return { ...value, symbols: new Set([symbol]) };
}

/** `sum(unit.x) filter (where ...)`. Aggregates of nothing are 0 or false, never NULL. */
function aggregation(name: string, nodes: Node[], node: Node, context: Context): Value {
  if (!context.scope.mayAggregate || context.inAggregate) {
    const remedy = context.inAggregate
      ? 'Use a unit step for the inner one.'
      : 'Add up in a property step or a head.';
    faultAt(node, 'formula_not_allowed', name, `"${name}" cannot stand here.`, remedy);
  }
  if (nodes.length !== 1)
    faultAt(node, 'type', name, `${name} takes one argument.`, `Write ${name}(unit.x).`);
  const level = levelOf(nodes[0]!, node);
  // It is computed for every unit before any CASE around it is asked, so nothing outside protects it.
  const inside: Context = { ...context, inAggregate: level, notNull: new Set(), notZero: new Set() };
  const whole = nodes[0]!.type === 'ColumnRef' && (nodes[0]!.fields['fields'] as unknown[]).length === 1;
  const argument = whole ? null : context.walk(nodes[0]!, inside);
  if (argument) mustBeKnown(argument, nodes[0]!);
  const filterNode = node.fields['agg_filter'] === undefined ? null : asNode(node.fields['agg_filter']);
  const filter = filterNode && context.walk(filterNode, inside);
  if (filter && filterNode) {
    mustBeKnown(filter, filterNode);
    mustBeCondition(filter, filterNode);
  }
  const type = resultType(name, argument, nodes[0]!, node);
  const condition = filter ? ` FILTER (WHERE ${filter.sql})` : '';
  const sql = `${name}(${argument?.sql ?? '*'})${condition}`;
  const aggregate = context.scope.aggregate({ level, sql, text: nodeText(node), argument, filter });
  const nothing = type.kind === 'boolean' ? 'false' : '0::numeric';
  const cast = name === 'count' ? '::numeric' : '';
  const value = combine(`coalesce(${aggregate.column}${cast}, ${nothing})`, type, []);
  return { ...value, aggregates: [aggregate] };
}

/** Units or owners: exactly one of them is named in an aggregate. */
function levelOf(argument: Node, node: Node): 'unit' | 'owner' {
  const text = JSON.stringify([argument, node.fields['agg_filter'] ?? null]);
  const levels = (['unit', 'owner'] as const).filter((level) => {
    return text.includes(`"fields":[{"String":{"sval":"${level}"}}`);
  });
  if (levels.length !== 1) {
    const message = 'An aggregate goes over units or over owners, not over both or none.';
    faultAt(node, 'type', nodeText(node), message, 'Write e.g. sum(unit.annual_value).');
  }
  return levels[0]!;
}

function resultType(name: string, argument: Value | null, part: Node, node: Node): types.Type {
  if (name === 'count') {
    if (argument) mustBeTyped(argument, part);
    return { kind: 'number', dimension: null, range: NOT_NEGATIVE };
  }
  if (!argument) {
    return faultAt(node, 'type', nodeText(node), `${name} needs a value.`, `Write ${name}(unit.x).`);
  }
  if (name.startsWith('bool_')) {
    mustBeCondition(argument, part);
    return types.BOOLEAN;
  }
  const type = asNumber(argument, part);
  if (name === 'sum') return { ...type, range: isNotNegative(type.range) ? NOT_NEGATIVE : ANY };
  return { ...type, range: hull(type.range, point(ZERO)) };
}
