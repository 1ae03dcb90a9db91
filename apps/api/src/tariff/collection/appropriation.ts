import type { AppropriationDeclaration } from '../file/collection-schema.js';
import type { TariffFile } from '../file/read.js';
import { listSql, PAID } from './dues.js';

/** In which order a payment clears what is owed. */
export interface CompiledAppropriation {
  readonly declaration: AppropriationDeclaration;
  readonly heads: readonly string[];
  readonly charges: readonly string[];
}

/** Checks that each thing that can be owed has exactly one turn; null after reporting. */
export function compileAppropriation(
  file: TariffFile,
  declared: AppropriationDeclaration | undefined,
  owed: {
    readonly heads: readonly string[];
    readonly charges: readonly string[];
    readonly instalments: readonly string[];
  },
): CompiledAppropriation | null {
  if (!declared) return null;
  const said = declared.order.map(nameOfTurn);
  const wanted = [
    'cost',
    'charges',
    'arrears_oldest_first',
    ...owed.instalments.map((n) => `instalment ${n}`),
  ];
  let good = true;
  said.forEach((turn, i) => {
    if (said.indexOf(turn) === i && wanted.includes(turn)) return;
    good = false;
    const twice = said.indexOf(turn) !== i;
    const message = twice ? `"${turn}" has two turns.` : `The assessment has no ${turn}.`;
    file.fault(
      ['appropriation', 'order', i],
      twice ? 'duplicate_key' : 'unknown_name',
      turn,
      message,
      'Remove it.',
    );
  });
  for (const turn of wanted.filter((one) => !said.includes(one))) {
    good = false;
    const message = `Nothing says when a payment clears "${turn}".`;
    file.fault(['appropriation', 'order'], 'gap', turn, message, 'Add it to the order.');
  }
  return good ? { declaration: declared, heads: owed.heads, charges: owed.charges } : null;
}

function nameOfTurn(turn: AppropriationDeclaration['order'][number]): string {
  return typeof turn === 'string' ? turn : `instalment ${turn.instalment}`;
}

/**
 * What each payment of the relation `payment` clears of the relation `dues`: the rows of `dues` with `cleared`, those
 * of nothing left out. Turns come in the order of the law, within a turn the oldest due day first, within one
 * instalment the heads by rank or in proportion; proportions are cut to the paisa so that they add up. What is left
 * of the payment is an advance: the payment less the sum of `cleared`.
 */
export function appropriationSql(appropriation: CompiledAppropriation): string {
  const { declaration, heads, charges } = appropriation;
  const turns = declaration.order.map((turn, i) => {
    const when =
      typeof turn === 'string'
        ? TURNS[turn]
        : `d.kind = 'demand' AND d.fy = ${CURRENT_FY} AND d.instalment = ${Number(turn.instalment)}`;
    return `WHEN ${when} THEN ${i}`;
  });
  const rank = [...charges, ...heads].map((name, i) => `WHEN '${name}' THEN ${i}`);
  const last = declaration.order.length;
  const part = 'property_id, turn, due_on, fy, instalment';
  const upTo = `sum(outstanding) OVER (PARTITION BY ${part} ORDER BY rank ROWS UNBOUNDED PRECEDING)`;
  const share =
    declaration.across_heads === 'rank'
      ? 'greatest(0::numeric, least(outstanding, whole - (upto - outstanding)))'
      : 'div(whole * upto, total * 0.01) * 0.01 - div(whole * (upto - outstanding), total * 0.01) * 0.01';
  return `SELECT * FROM (
SELECT property_id, kind, fy, head, instalment, due_on, amount, outstanding, ${share} AS cleared FROM (
SELECT *, greatest(0::numeric, least(total, paid - (before - total))) AS whole FROM (
SELECT *, ${upTo} AS upto, sum(outstanding) OVER (PARTITION BY ${part}) AS total,
  sum(outstanding) OVER (PARTITION BY property_id ORDER BY turn, due_on, fy, instalment) AS before FROM (
SELECT d.*, CASE ${turns.join(' ')} ELSE ${last} END AS turn,
  CASE d.head ${rank.join(' ')} ELSE ${rank.length} END AS rank
FROM (${PAID}) d WHERE outstanding > 0 AND paid IS NOT NULL) a) b) c) e WHERE cleared > 0`;
}

/** Of the day of the payment, which begins on 1 April. */
const CURRENT_FY = `(extract(year FROM d.paid_on - interval '3 months'))::int`;

const TURNS = {
  cost: `d.kind = 'cost'`,
  charges: `d.kind = 'charge'`,
  arrears_oldest_first: `d.kind = 'demand' AND d.fy < ${CURRENT_FY}`,
} as const;

/** The charges named in a list, for statements on `dues`. */
export function isCharge(names: readonly string[]): string {
  return `kind = 'charge' AND head IN ${listSql(names)}`;
}
