import { asNode, onlyFields, type Node } from './formula.js';
import { prove, withProof, type Proof } from './guard.js';
import { greatestOf, leastOf, type Interval } from './interval.js';
import { mustBeCondition, nodeText, unify } from './operators.js';
import type { NumberType, Type } from './types.js';
import { combine, faultAt, mustBeKnown, type Context, type Value } from './value.js';

/** CASE WHEN ... THEN ... ELSE ... END. ELSE is required: without it a property would silently get NULL. */
export function choice(node: Node, context: Context): Value {
  onlyFields(node, ['args', 'defresult', 'arg'], 'CASE');
  if (node.fields['arg'] !== undefined) {
    const remedy = 'Write case when x = ... then ... end, or a table.';
    faultAt(node, 'formula_not_allowed', nodeText(node), '"case x when" is not allowed.', remedy);
  }
  if (node.fields['defresult'] === undefined) {
    faultAt(node, 'null', nodeText(node), 'The CASE has no ELSE.', 'Add "else ...".');
  }
  const branches: Value[] = [];
  const conditions: Value[] = [];
  const failed: Proof[] = [];
  const pieces: string[] = [];
  for (const when of (node.fields['args'] as unknown[]).map(asNode)) {
    onlyFields(when, ['expr', 'result'], 'WHEN');
    const inside = withProof(context, failed);
    const test = asNode(when.fields['expr']);
    const condition = inside.walk(test, inside);
    mustBeKnown(condition, test);
    mustBeCondition(condition, test);
    const result = known(asNode(when.fields['result']), withProof(inside, [prove(test, true, inside)]));
    failed.push(prove(test, false, inside));
    conditions.push(condition);
    branches.push(result);
    pieces.push(`WHEN ${condition.sql} THEN ${result.sql}`);
  }
  const otherwise = known(asNode(node.fields['defresult']), withProof(context, failed));
  const type = unify([...branches, otherwise], node);
  const sql = `(CASE ${pieces.join(' ')} ELSE ${otherwise.sql} END)`;
  return combine(sql, type, [...conditions, ...branches, otherwise]);
}

function known(node: Node, context: Context): Value {
  const value = context.walk(node, context);
  mustBeKnown(value, node);
  return value;
}

/** coalesce(optional, ..., certain): the one way, besides `is null`, to use an optional input. */
export function coalesce(node: Node, context: Context): Value {
  onlyFields(node, ['args'], 'coalesce');
  const nodes = (node.fields['args'] as unknown[]).map(asNode);
  const values = nodes.map((part) => context.walk(part, context));
  values.forEach((value, i) => {
    const last = i === values.length - 1;
    if (last) mustBeKnown(value, nodes[i]!);
    else if (!value.nullable) {
      const shown = nodeText(nodes[i]!);
      faultAt(
        nodes[i]!,
        'null',
        shown,
        `"${shown}" is never unknown.`,
        'Drop the coalesce, or declare it optional.',
      );
    }
  });
  const type = unify(values, node);
  return combine(`coalesce(${values.map((value) => value.sql).join(', ')})`, type, values);
}

/** greatest() and least() of two or more numbers or dates. */
export function extreme(node: Node, context: Context): Value {
  onlyFields(node, ['op', 'args'], 'greatest and least');
  const greatest = node.fields['op'] === 'IS_GREATEST';
  const nodes = (node.fields['args'] as unknown[]).map(asNode);
  const values = nodes.map((part) => known(part, context));
  const type = unify(values, node);
  if (type.kind !== 'number' && type.kind !== 'date') {
    faultAt(
      node,
      'type',
      nodeText(node),
      'greatest and least compare numbers or dates.',
      'Use CASE for codes.',
    );
  }
  const sql = `${greatest ? 'greatest' : 'least'}(${values.map((value) => value.sql).join(', ')})`;
  return combine(sql, narrowed(type, values, greatest ? greatestOf : leastOf), values);
}

function narrowed(type: Type, values: readonly Value[], merge: (a: Interval, b: Interval) => Interval): Type {
  if (type.kind !== 'number') return type;
  const ranges = values.map((value) => (value.type as NumberType).range);
  return { ...type, range: ranges.reduce(merge) };
}
