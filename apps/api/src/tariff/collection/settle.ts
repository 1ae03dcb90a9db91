import type { Query } from '../case.js';
import type { CollectionCase } from '../file/collection-schema.js';
import { add, compare, decimal, negate, type Decimal, formatDecimal } from '../language/decimal.js';
import { financialYearOf, formatFinancialYear } from '../../core/period.js';
import type { CompiledCollection } from '../rebates.js';
import { amnestySql } from './amnesties.js';
import { appropriationSql } from './appropriation.js';
import { chargesSql } from './charges.js';
import { DUES_COLUMNS } from './dues.js';
import type { CompiledLapse } from './lapses.js';

/** One thing that is owed, with amounts in currency units as text. */
export interface Due {
  property_id: string;
  kind: 'demand' | 'charge' | 'cost';
  fy: number;
  head: string;
  instalment: number;
  due_on: string;
  amount: string;
  outstanding: string;
  served_on: string | null;
}

type Part = Pick<Due, 'kind' | 'fy' | 'head' | 'instalment'> & { amount: string };
type NamedPart = Part & { name: string };

/** What rebates take off when they are given: name, head, instalment and amount. */
export interface GivenRebate {
  name: string;
  given: 'demand' | 'payment';
  head: string;
  instalment: number;
  amount: string;
}

/** How the dues of a case stand on its day, and what became of them on the way. */
export interface Settled {
  dues: Due[];
  /** `name` is that of the rebate or amnesty, `head` what it is taken off. */
  rebates: NamedPart[];
  lapsed: NamedPart[];
  charges: Part[];
  waived: NamedPart[];
  cleared: Part[][];
}

/**
 * What the driver below needs of the case's own property: its rebates as they would be given on a day to a payment
 * that settles the listed instalments of the case's year.
 */
export type RebatesOn = (day: string, settled: readonly number[]) => Promise<GivenRebate[]>;

const DUES = `WITH dues AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS d(${DUES_COLUMNS}))`;
const AS_TEXT = `jsonb_build_object('property_id', property_id, 'kind', kind, 'fy', fy, 'head', head,
  'instalment', instalment, 'due_on', due_on, 'amount', amount::text, 'outstanding', outstanding::text,
  'served_on', served_on)`;

/**
 * Follows the dues of one property from the first day to the day of the case: charges grow, payments clear, rebates
 * lapse, amnesties forgive, each by its own statement on PostgreSQL. Here they are only put in the order of the days.
 */
export class Settlement {
  private dues: Due[] = [];
  private upTo: string;
  readonly settled: Omit<Settled, 'dues'> = { rebates: [], lapsed: [], charges: [], waived: [], cleared: [] };

  constructor(
    private readonly collection: CompiledCollection,
    private readonly query: Query,
    dues: readonly Due[],
    start: string,
  ) {
    this.dues = [...dues];
    this.upTo = start;
  }

  /** Takes rebates off the instalments that they are given on. */
  async grant(fy: number, rebates: readonly GivenRebate[]): Promise<void> {
    for (const { name, head, instalment, amount } of rebates) {
      if (compare(decimal(amount), ZERO) === 0) continue;
      this.settled.rebates.push({ kind: 'demand', fy, name, head, instalment, amount });
      await this.change(
        `SELECT d.property_id, d.kind, d.fy, d.head, d.instalment, d.due_on, d.amount, d.served_on,
  greatest(d.outstanding -
  CASE WHEN kind = 'demand' AND fy = $2::int AND head = $3 AND instalment = $4::int THEN $5::numeric ELSE 0 END, 0)
  AS outstanding FROM dues d`,
        [fy, head, instalment, amount],
      );
    }
  }

  /** Adds what becomes owed on a day, such as the cost of a warrant. */
  owe(due: Due): void {
    this.dues.push(due);
  }

  /** Lets charges grow up to a day. */
  async accrue(day: string): Promise<void> {
    if (day <= this.upTo) return;
    if (this.collection.charges.length === 0 || this.dues.length === 0) {
      this.upTo = day;
      return;
    }
    const sql = `${DUES}, added AS (${chargesSql(this.collection.charges, '$2::date', '$3::date')})
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('charge', charge, 'fy', fy, 'instalment', instalment,
    'amount', added::text)), '[]')::text FROM added) AS added,
  (SELECT jsonb_agg(${AS_TEXT})::text FROM (
    SELECT property_id, kind, fy, head, instalment, due_on, sum(amount) AS amount, sum(outstanding) AS outstanding,
      max(served_on) AS served_on
    FROM (SELECT * FROM dues UNION ALL
      SELECT property_id, 'charge', fy, charge, instalment, due_on, added, added, NULL FROM added) a
    GROUP BY property_id, kind, fy, head, instalment, due_on) x) AS dues`;
    const [row] = await this.query(sql, [JSON.stringify(this.dues), this.upTo, day]);
    this.dues = JSON.parse(String(row!['dues'])) as Due[];
    const added = JSON.parse(String(row!['added'])) as (Part & { charge: string })[];
    this.settled.charges.push(...added.map((one) => ({ ...one, kind: 'charge' as const, head: one.charge })));
    this.upTo = day;
  }

  /** One payment: amnesties forgive, rebates on payment are given, the rest clears dues in their order. */
  async pay(day: string, amount: string, fy: number, rebatesOn: RebatesOn | null): Promise<void> {
    await this.accrue(day);
    for (const amnesty of this.collection.amnesties) await this.forgive(amnesty, day, amount);
    if (rebatesOn) await this.grant(fy, await this.earned(day, amount, fy, rebatesOn));
    const { appropriation } = this.collection;
    if (!appropriation) throw new Error('the collection file has no appropriation');
    const cleared = await this.take(appropriationSql(appropriation), 'cleared', day, amount);
    const total = cleared.reduce((sum, part) => add(sum, decimal(part.amount)), ZERO);
    const advance = add(decimal(amount), negate(total));
    const rest = {
      kind: 'demand' as const,
      head: 'advance',
      fy,
      instalment: 0,
      amount: formatDecimal(advance),
    };
    this.settled.cleared.push([...cleared, rest]);
  }

  /** The rebates that a payment earns: the most instalments that it settles once they are taken off. */
  private async earned(
    day: string,
    amount: string,
    fy: number,
    rebatesOn: RebatesOn,
  ): Promise<GivenRebate[]> {
    const known = new Set(this.settled.rebates.map(keyOf));
    const earnedOn = async (settled: readonly number[]) =>
      (await rebatesOn(day, settled)).filter((one) => one.given === 'payment' && !known.has(keyOf(one)));
    const mine = this.dues.filter((due) => due.kind === 'demand' && due.fy === fy);
    const others = this.dues.filter((due) => due.kind !== 'demand' || due.fy < fy);
    const numbers = [...new Set(mine.map((due) => due.instalment))].sort((a, b) => a - b);
    for (let count = numbers.length; count > 0; count -= 1) {
      const settled = numbers.slice(0, count);
      const rebates = await earnedOn(settled);
      const asked = [...others, ...mine.filter((due) => settled.includes(due.instalment))];
      const owed = asked.reduce((sum, due) => add(sum, decimal(due.outstanding)), ZERO);
      const off = rebates.reduce((sum, one) => add(sum, decimal(one.amount)), ZERO);
      if (compare(decimal(amount), add(owed, negate(off))) >= 0) return rebates;
    }
    return earnedOn([]);
  }

  /** The day on which a rebate of a year lapses. */
  async lapseDay(lapse: CompiledLapse, fy: number): Promise<string> {
    const sql = `SELECT (${lapse.onSql})::text AS day FROM (SELECT $1::int AS c_fy) l`;
    const [row] = await this.query(sql, [fy]);
    return String(row!['day']);
  }

  /** Takes back a rebate of a head whose time has come. */
  async lapse(lapse: CompiledLapse, fy: number, day: string, lastNo: number): Promise<void> {
    await this.accrue(day);
    const off = this.settled.rebates.filter((one) => one.head === lapse.head && one.fy === fy);
    const total = (parts: readonly Part[]) =>
      formatDecimal(parts.reduce((sum, one) => add(sum, decimal(one.amount)), ZERO));
    const given = total(off.filter((one) => one.name === lapse.rebate));
    if (given === '0') return;
    const sql = `${DUES} SELECT CASE WHEN ${lapse.whenSql} THEN ${lapse.amountSql} ELSE 0 END::text AS amount FROM (
  SELECT $2::int AS c_fy, $3::numeric AS c_rebate, sum(amount) AS c_demand, sum(outstanding) AS c_balance,
    sum(amount) - sum(outstanding) - $5::numeric AS c_paid
  FROM dues WHERE kind = 'demand' AND fy = $2::int AND head = $4) l`;
    const [row] = await this.query(sql, [JSON.stringify(this.dues), fy, given, lapse.head, total(off)]);
    const amount = String(row!['amount']);
    if (compare(decimal(amount), ZERO) === 0) return;
    const part = { kind: 'demand' as const, fy, head: lapse.head, instalment: lastNo };
    this.settled.lapsed.push({ ...part, name: lapse.rebate, amount });
    const { property_id } = this.dues[0]!;
    this.owe({ ...part, property_id, due_on: day, amount, outstanding: amount, served_on: null });
  }

  get result(): Settled {
    return { ...this.settled, dues: this.dues };
  }

  private async forgive(
    amnesty: CompiledCollection['amnesties'][number],
    day: string,
    paid: string,
  ): Promise<void> {
    const waived = await this.take(amnestySql(amnesty), 'waived', day, paid);
    this.settled.waived.push(...waived.map((part) => ({ ...part, name: amnesty.declaration.name })));
  }

  /** Runs a statement that says what a payment takes off each due, takes it off, and returns it. */
  private async take(statement: string, column: string, day: string, paid: string): Promise<Part[]> {
    const sql = `${DUES}, payment AS (
  SELECT property_id, $2::date AS paid_on, $3::numeric AS amount FROM dues GROUP BY property_id),
taken AS (${statement})
SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'fy', fy, 'head', head, 'instalment', instalment,
    'amount', ${column}::text)), '[]')::text FROM taken) AS taken,
  (SELECT jsonb_agg(${AS_TEXT})::text FROM (
    SELECT property_id, kind, fy, head, instalment, due_on, d.amount, d.served_on,
      d.outstanding - coalesce(t.${column}, 0) AS outstanding
    FROM dues d LEFT JOIN taken t USING (property_id, kind, fy, head, instalment, due_on)) x) AS dues`;
    const [row] = await this.query(sql, [JSON.stringify(this.dues), day, paid]);
    if (this.dues.length > 0) this.dues = JSON.parse(String(row!['dues'])) as Due[];
    return JSON.parse(String(row!['taken'])) as Part[];
  }

  private async change(select: string, values: unknown[]): Promise<void> {
    const sql = `${DUES} SELECT jsonb_agg(${AS_TEXT})::text AS dues FROM (${select}) x`;
    const [row] = await this.query(sql, [JSON.stringify(this.dues), ...values]);
    this.dues = JSON.parse(String(row!['dues'])) as Due[];
  }
}

const keyOf = (one: { name: string; head: string; instalment: number }) =>
  `${one.name} ${one.head} ${one.instalment}`;

const ZERO: Decimal = decimal('0');

/** Sums parts by the key of a case: `head`, `head.2`, `head.2018-19` or `head.2018-19.2`. */
export function sumOf(key: string, parts: readonly Part[]): string {
  const [head, ...more] = key.split('.');
  const fy = more.find((one) => one.includes('-'));
  const instalment = more.find((one) => !one.includes('-'));
  const mine = parts.filter((part) => {
    return (
      part.head === head &&
      (fy === undefined || formatFinancialYear(part.fy) === fy) &&
      (instalment === undefined || part.instalment === Number(instalment))
    );
  });
  return formatDecimal(mine.reduce((sum, part) => add(sum, decimal(part.amount)), ZERO));
}

/** The days of a case in their order: costs, payments and lapses, and at the end the day itself. */
export async function settleCase(
  collection: CompiledCollection,
  one: CollectionCase,
  settlement: Settlement,
  year: { readonly fy: number; readonly rebatesOn: RebatesOn | null; readonly end: string },
): Promise<Settled> {
  const { given } = one;
  const { end } = year;
  const property_id = CASE_OWNER;
  const events: { on: string; rank: number; run: () => Promise<void> }[] = [];
  for (const { on, amount } of given.costs) {
    const cost = { property_id, kind: 'cost', head: 'cost', instalment: 0, due_on: on, amount } as const;
    const due = { ...cost, fy: financialYearOf(on), outstanding: amount, served_on: null };
    events.push({ on, rank: 1, run: () => settlement.accrue(on).then(() => settlement.owe(due)) });
  }
  for (const { on, amount } of given.payments) {
    const fy = financialYearOf(on);
    const own = year.fy === fy ? year.rebatesOn : null;
    events.push({ on, rank: 2, run: () => settlement.pay(on, amount, fy, own) });
  }
  for (const lapse of collection.lapses) {
    const on = await settlement.lapseDay(lapse, year.fy);
    events.push({ on, rank: 0, run: () => settlement.lapse(lapse, year.fy, on, collection.lastInstalment) });
  }
  const due = events.filter(({ on }) => on <= end);
  due.sort((a, b) => (a.on === b.on ? a.rank - b.rank : a.on < b.on ? -1 : 1));
  for (const event of due) await event.run();
  await settlement.accrue(end);
  return settlement.result;
}

/** The property of a case. */
export const CASE_OWNER = '00000000-0000-7000-8000-000000000001';

/** The day on which a case looks at its dues: what it says, else the last payment, else the first day. */
export function asOfCase({ given }: CollectionCase): string {
  return (
    given.as_of ??
    given.payments
      .map(({ on }) => on)
      .sort()
      .at(-1) ??
    '0001-01-01'
  );
}
