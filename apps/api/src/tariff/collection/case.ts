import type { Query } from '../case.js';
import type { CompiledTariff } from '../compile.js';
import type { CollectionCase } from '../file/collection-schema.js';
import { decimal, formatDecimal, multiply } from '../language/decimal.js';
import type { CompiledCollection } from '../rebates.js';
import {
  asOfCase,
  CASE_OWNER,
  Settlement,
  settleCase,
  type Due,
  type GivenRebate,
  type Settled,
} from './settle.js';

/** What an explanation with rebates says, as far as a case asks. */
export interface Explanation {
  heads: { name: string; value: string | null }[];
  steps: { name: string; value: string | null }[];
  instalments: { n: number; due: string; paise: Record<string, string | null> }[];
  rebates: {
    name: string;
    value: string | null;
    head: string;
    given: 'demand' | 'payment';
    instalments: { n: number; paise: string | null }[];
  }[];
  netPaise: string | null;
}

/** Explains the property of the case as of a payment on a day that settles some instalments. */
export type Explain = (day: string | null, settled: readonly number[] | null) => Promise<Explanation | null>;

export const rupees = (paise: string) => formatDecimal(multiply(decimal(paise), decimal('0.01')));

/** True where a case gives or expects something that happens after the demand. */
export function isSettled({ given, expect }: CollectionCase): boolean {
  const after = [expect.charges, expect.waived, expect.lapsed].some((part) => Object.keys(part).length > 0);
  const asked = expect.cleared ?? expect.outstanding ?? expect.balance;
  return after || asked !== undefined || given.payments.length > 0 || given.demand.length > 0;
}

/** Follows the dues of a case from the first of April, or its oldest due day, to its own day. */
export async function settle(
  collection: CompiledCollection,
  tariff: CompiledTariff,
  one: CollectionCase,
  run: { readonly query: Query; readonly explain: Explain },
): Promise<Settled> {
  const { given } = one;
  const fy = given.fy ?? tariff.appliesFromFy;
  const own = given.units.length > 0 || Object.keys(given.property).length > 0;
  const first = own ? await run.explain(null, null) : null;
  const dues = [
    ...given.demand.map(({ fy: year, head, instalment, due, amount, served = null }) => {
      return demand({
        fy: year,
        head,
        instalment: Number(instalment),
        due_on: due,
        amount,
        served_on: served,
      });
    }),
    ...(first ? ownDues(first, fy, one) : []),
  ];
  const days = [`${fy}-04-01`, ...dues.map(({ due_on }) => due_on), ...given.payments.map(({ on }) => on)];
  const settlement = new Settlement(collection, run.query, dues, days.sort()[0]!);
  if (first)
    await settlement.grant(
      fy,
      rebatesIn(first).filter((rebate) => rebate.given === 'demand'),
    );
  const rebatesOn = first
    ? async (day: string, settled: readonly number[]) => rebatesIn((await run.explain(day, settled)) ?? first)
    : null;
  const year = { fy, rebatesOn, end: asOfCase(one) };
  return settleCase(collection, one, settlement, year);
}

function demand(due: Omit<Due, 'property_id' | 'kind' | 'outstanding'>): Due {
  return { ...due, property_id: CASE_OWNER, kind: 'demand', outstanding: due.amount };
}

function ownDues(explanation: Explanation, fy: number, { given }: CollectionCase): Due[] {
  return explanation.instalments.flatMap(({ n, due, paise }) => {
    const served_on = given.served.find(({ instalment }) => Number(instalment) === n)?.on ?? null;
    return Object.entries(paise).flatMap(([head, amount]) => {
      if (amount === null) return [];
      return [demand({ fy, head, instalment: n, due_on: due, amount: rupees(amount), served_on })];
    });
  });
}

function rebatesIn(explanation: Explanation): GivenRebate[] {
  return explanation.rebates.flatMap(({ name, given, head, instalments }) => {
    return instalments.flatMap(({ n, paise }) => {
      return paise === null ? [] : [{ name, given, head, instalment: n, amount: rupees(paise) }];
    });
  });
}
