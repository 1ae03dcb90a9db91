import { compare, ZERO } from './decimal.js';
import { asNode, type Node } from './formula.js';
import { contains } from './interval.js';
import { faultAt, type Context, type Sym, type Value } from './value.js';

/** What a condition proves about the branches behind it. */
export interface Proof {
  readonly notNull: ReadonlySet<Sym>;
  readonly notZero: ReadonlySet<string>;
}

/** The context inside a CASE branch, with what the conditions before it have proven. */
export function withProof(context: Context, proofs: readonly Proof[]): Context {
  return {
    ...context,
    notNull: new Set([...context.notNull, ...proofs.flatMap((proof) => [...proof.notNull])]),
    notZero: new Set([...context.notZero, ...proofs.flatMap((proof) => [...proof.notZero])]),
  };
}

/** What is certain when the condition came out as `truth`. Unknown shapes prove nothing. */
export function prove(condition: Node, truth: boolean, context: Context): Proof {
  const nothing: Proof = { notNull: new Set(), notZero: new Set() };
  if (condition.type === 'BoolExpr') return proveBoolean(condition, truth, context);
  if (condition.type === 'NullTest') {
    const saysNull = condition.fields['nulltesttype'] === 'IS_NULL';
    if (saysNull === truth) return nothing;
    return { notNull: context.walk(asNode(condition.fields['arg']), context).symbols, notZero: new Set() };
  }
  if (condition.type === 'A_Expr' && condition.fields['kind'] === 'AEXPR_OP' && condition.fields['lexpr']) {
    return proveComparison(condition, truth, context);
  }
  return nothing;
}

function proveBoolean(condition: Node, truth: boolean, context: Context): Proof {
  const operands = (condition.fields['args'] as unknown[]).map(asNode);
  const operator = condition.fields['boolop'];
  if (operator === 'NOT_EXPR') return prove(operands[0]!, !truth, context);
  const all = operator === 'AND_EXPR' ? truth : !truth;
  if (!all) return { notNull: new Set(), notZero: new Set() };
  const proofs: Proof[] = [];
  for (const operand of operands) proofs.push(prove(operand, truth, withProof(context, proofs)));
  return withProof({ ...context, notNull: new Set(), notZero: new Set() }, proofs);
}

const HOLDS: Record<string, (sign: number) => boolean> = {
  '=': (sign) => sign === 0,
  '<>': (sign) => sign !== 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};

/**
 * `x > c` excludes zero when `0 > c` is false; when the comparison failed, zero is excluded if `0 > c` is
 * true.
 */
function proveComparison(condition: Node, truth: boolean, context: Context): Proof {
  const nothing: Proof = { notNull: new Set(), notZero: new Set() };
  const name = asNode((condition.fields['name'] as unknown[])[0]).fields['sval'];
  const holds = HOLDS[String(name)];
  if (!holds) return nothing;
  const left = context.walk(asNode(condition.fields['lexpr']), context);
  const right = context.walk(asNode(condition.fields['rexpr']), context);
  const [side, constant, flip] = right.constant ? [left, right.constant, 1] : [right, left.constant, -1];
  if (!constant) return nothing;
  const zeroPasses = holds(compare(ZERO, constant) * flip);
  return zeroPasses === truth ? nothing : { notNull: new Set(), notZero: new Set([side.sql]) };
}

/** Refuses a divisor that can be zero and is not guarded by a CASE around the division. */
export function mustNotBeZero(divisor: Value, node: Node, shown: string, context: Context): void {
  if (divisor.constant && compare(divisor.constant, ZERO) !== 0) return;
  const excluded = divisor.type.kind === 'number' && !contains(divisor.type.range, ZERO);
  if (excluded || context.notZero.has(divisor.sql)) return;
  const remedy = `Write case when ${shown} <> 0 then ... / ${shown} else ... end.`;
  faultAt(node, 'division_by_zero', shown, `The divisor "${shown}" can be zero.`, remedy);
}
