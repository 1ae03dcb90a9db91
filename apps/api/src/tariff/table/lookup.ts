import { formatDecimal } from '../language/decimal.js';
import { covers } from '../language/interval.js';
import type { Node } from '../language/formula.js';
import { commonDimension, nodeText } from '../language/operators.js';
import { sqlNumber, sqlText } from '../language/rounding.js';
import { dimensionOfProduct, type NumberType, type Type } from '../language/types.js';
import { combine, faultAt, mustBeKnown, mustBeShort, type Context, type Value } from '../language/value.js';
import type { CompiledTable, Key } from './table.js';
import type { Tree } from './tree.js';

/** Compiles `table(key, ...)`: a CASE over the rows, the fastest look-up that was measured. */
export function lookup(table: CompiledTable, nodes: readonly Node[], node: Node, context: Context): Value {
  table.used = true;
  if (nodes.length !== table.keys.length) {
    const keys = table.keys.map((key) => key.name).join(', ');
    const message = `"${table.name}" takes ${table.keys.length} arguments.`;
    faultAt(node, 'type', nodeText(node), message, `Write ${table.name}(${keys}).`);
  }
  const values = nodes.map((part, i) => argument(part, table.keys[i]!, table, context));
  const keys = values.map((value) => value.sql);
  mustBeShort(keys.join('').length * table.rows.length);
  const sql = table.marginal
    ? marginalSql(table, table.tree, keys)
    : treeSql(table, table.tree, keys, valueOf(table));
  const value = combine(sql, resultOf(table, values), values);
  return { ...value, lookups: [...value.lookups, { table, keys, sql }] };
}

/** SQL that gives the row, as written in the file, which a look-up with these keys uses. */
export function rowSql(table: CompiledTable, keys: readonly string[]): string {
  return treeSql(
    table,
    table.tree,
    keys,
    (index) => `${sqlText(JSON.stringify(table.rows[index]!.written))}::json`,
  );
}

function argument(node: Node, key: Key, table: CompiledTable, context: Context): Value {
  const value = context.walk(node, context);
  mustBeKnown(value, node);
  const shown = nodeText(node);
  if (value.text !== null) {
    if (key.type.kind === 'code' && key.type.codes.includes(value.text)) return value;
    const message = `"${value.text}" is not a code of the key "${key.name}".`;
    return faultAt(node, 'unknown_code', value.text, message, 'Correct it, or declare it.');
  }
  if (value.type.kind !== key.type.kind) {
    const message = `The key "${key.name}" of "${table.name}" is a ${key.type.kind}, "${shown}" is not.`;
    faultAt(node, 'type', shown, message, 'Give the key it is declared with.');
  }
  if (key.type.kind === 'number') commonDimension(value.type as NumberType, key.type, node);
  if (!withinDomain(value.type, key.type)) {
    const message = `"${shown}" can take values for which "${table.name}" is not checked.`;
    faultAt(
      node,
      'gap',
      shown,
      message,
      `Key the table on "${shown}" itself, or widen the domain of "${key.name}".`,
    );
  }
  return value;
}

function withinDomain(inner: Type, outer: Type): boolean {
  if (inner.kind === 'number' && outer.kind === 'number') return covers(outer.range, inner.range);
  if (inner.kind === 'code' && outer.kind === 'code')
    return inner.codes.every((code) => outer.codes.includes(code));
  return false;
}

function resultOf(table: CompiledTable, values: readonly Value[]): Type {
  if (!table.marginal || table.result.kind !== 'number') return table.result;
  const base = values.at(-1)!.type as NumberType;
  return { ...table.result, dimension: dimensionOfProduct(table.result.dimension, base.dimension, 1) };
}

const valueOf = (table: CompiledTable) => (index: number) => table.rows[index]!.sql;

type Leaf = (index: number) => string;

function treeSql(table: CompiledTable, tree: Tree, keys: readonly string[], leaf: Leaf): string {
  if (tree.kind === 'row') return leaf(tree.index);
  const key = keys[tree.key]!;
  const below = (next: Tree) => treeSql(table, next, keys, leaf);
  if (tree.kind === 'ranges') return rangesSql(tree, key, table.upperInclusive, below);
  if (tree.branches.every((branch) => branch.codes.length === 1)) {
    const whens = tree.branches.map(
      (branch) => `WHEN ${sqlText(branch.codes[0]!)} THEN ${below(branch.tree)}`,
    );
    return `(CASE ${key} ${whens.join(' ')} END)`;
  }
  const whens = tree.branches.map((branch) => {
    return `WHEN ${key} IN (${branch.codes.map(sqlText).join(', ')}) THEN ${below(branch.tree)}`;
  });
  return `(CASE ${whens.join(' ')} END)`;
}

type Ranges = Extract<Tree, { kind: 'ranges' }>;

/**
 * Tests the upper ends in rising order; the last range is tested from below, so that an unknown value gives
 * NULL.
 */
function rangesSql(
  tree: Ranges,
  key: string,
  upperInclusive: boolean,
  below: (next: Tree) => string,
): string {
  const whens = tree.branches.map(({ range, tree: next }, i) => {
    const last = i === tree.branches.length - 1;
    const upper = range.to && `${key} ${upperInclusive ? '<=' : '<'} ${sqlNumber(formatDecimal(range.to))}`;
    const lower =
      range.from && `${key} ${upperInclusive ? '>' : '>='} ${sqlNumber(formatDecimal(range.from))}`;
    const test = (last ? (lower ?? upper) : upper) ?? `${key} IS NOT NULL`;
    return `WHEN ${test} THEN ${below(next)}`;
  });
  return `(CASE ${whens.join(' ')} END)`;
}

/** Each range's share of the value at its own rate, added up. */
function marginalSql(table: CompiledTable, tree: Tree, keys: readonly string[]): string {
  if (tree.kind === 'codes') {
    const key = keys[tree.key]!;
    const whens = tree.branches.map(({ codes, tree: next }) => {
      return `WHEN ${key} IN (${codes.map(sqlText).join(', ')}) THEN ${marginalSql(table, next, keys)}`;
    });
    return `(CASE ${whens.join(' ')} END)`;
  }
  const base = keys.at(-1)!;
  if (tree.kind === 'row') return `(${base} * ${table.rows[tree.index]!.sql})`;
  const domain = table.keys.at(-1)!.type as NumberType;
  const parts = tree.branches.map(({ range, tree: next }) => {
    const from = sqlNumber(formatDecimal(range.from ?? domain.range.min!));
    const upto = range.to ? `least(${base}, ${sqlNumber(formatDecimal(range.to))})` : base;
    const rate = next.kind === 'row' ? table.rows[next.index]!.sql : 'NULL';
    return `greatest(${upto} - ${from}, 0::numeric) * ${rate}`;
  });
  return `(${parts.join(' + ')})`;
}
