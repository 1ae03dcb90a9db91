import { describe, expect, it } from '@jest/globals';
import { describeFault } from '../compile.js';
import {
  collectionFaults,
  ORDER_OF_TWO,
  rule,
  type MinimalCollection,
} from '../testing/minimal-collection.js';
import { head, type MinimalTariff } from '../testing/minimal-tariff.js';

const halves: MinimalTariff = {
  instalments: ['{n: 1, due: 09-30, share: "0.5"}', '{n: 2, due: 03-31, share: "0.5"}'],
  heads: [head('tax', 'sum(unit.area) * price(fy)'), head('water', '0.1 * tax')],
};
const rebate = (formula: string, more = 'on: [tax], given: demand') => ({
  rebates: [rule('early', formula, more)],
});
const charge = (formula: string, more = 'on: [tax], account: "9"') => ({
  charges: [rule('late', formula, more)],
});
const amnesty = (formula: string, more = 'between: [2021-01-01, 2021-01-31], waive: [late]') => ({
  ...charge('0.1 * overdue'),
  amnesties: [rule('adalat', formula, more)],
});
const order = (turns: string) => ({ appropriation: `{order: [${turns}], across_heads: rank}` });
const asked = (given: string, expected: string) => ({
  ...charge('0.1 * overdue'),
  appropriation: ORDER_OF_TWO,
  cases: [`{name: c, kind: computed, given: {${given}}, expect: {${expected}}}`],
});

const faulty: [what: string, parts: MinimalCollection, kind: string, value: string][] = [
  ['a rebate on a head that is none', rebate('base', 'on: [cess], given: demand'), 'unknown_name', 'cess'],
  [
    'a rebate without rounding',
    { rebates: ['{name: early, formula: base, on: [tax], given: demand, label: {en: x, hi: x, mr: x}}'] },
    'value',
    'early',
  ],
  ['a rebate that is a share instead of money', rebate('base / base'), 'division_by_zero', 'base'],
  [
    'a rebate on demand that asks for the payment',
    rebate('base', 'on: [tax], given: demand, when: paid_in_full'),
    'unknown_name',
    'paid_in_full',
  ],
  [
    'a rebate on the year that asks for an instalment',
    rebate('base', 'on: [tax], given: payment, when: instalment_paid'),
    'unknown_name',
    'instalment_paid',
  ],
  [
    'a rebate on payment that lapses',
    rebate('base', 'on: [tax], given: payment, lapses: {on: fy_end + 1}'),
    'value',
    'early',
  ],
  [
    'a lapse on what is no day',
    rebate('base', 'on: [tax], given: demand, lapses: {on: balance}'),
    'unknown_name',
    'balance',
  ],
  ['a lapse on a number', rebate('base', 'on: [tax], given: demand, lapses: {on: "5"}'), 'type', '5'],
  [
    'a lapse under no condition',
    rebate('base', 'on: [tax], given: demand, lapses: {on: fy_end, when: balance}'),
    'type',
    'balance',
  ],
  [
    'two rebates of one name',
    {
      rebates: [
        rule('early', 'base', 'on: [tax], given: demand'),
        rule('early', 'base', 'on: [water], given: demand'),
      ],
    },
    'duplicate_key',
    'early',
  ],
  [
    'a rebate on demand after one on payment',
    {
      rebates: [
        rule('late_one', 'base', 'on: [tax], given: payment'),
        rule('early', 'base', 'on: [tax], given: demand'),
      ],
    },
    'value',
    'early',
  ],
  ['a charge on a head that is none', charge('overdue', 'on: [cess], account: "9"'), 'unknown_name', 'cess'],
  ['a charge that adds up units', charge('sum(unit.area)'), 'unknown_name', 'unit.area'],
  ['a charge that counts units', charge('overdue * count(unit)'), 'unknown_name', 'count(unit)'],
  ['a charge of another name of the property', charge('overdue * zone'), 'unknown_name', 'zone'],
  [
    'a charge that is a number of days times money times money',
    charge('overdue * overdue'),
    'unit',
    'overdue * overdue',
  ],
  [
    'a charge on a day of service that may not have come',
    charge('overdue * days(served_on, as_of)'),
    'null',
    'served_on',
  ],
  [
    'a charge with a cap that is no money',
    charge('overdue', 'on: [tax], account: "9", cap: due'),
    'type',
    'due',
  ],
  [
    'a charge named like a head',
    { charges: [rule('water', 'overdue', 'on: [tax], account: "9"')] },
    'duplicate_key',
    'water',
  ],
  ['a charge without an account', charge('overdue', 'on: [tax]'), 'value', 'account'],
  [
    'an order that forgets an instalment',
    order('cost, charges, arrears_oldest_first, {instalment: 1}'),
    'gap',
    'instalment 2',
  ],
  [
    'an order that forgets the arrears',
    order('cost, charges, {instalment: 1}, {instalment: 2}'),
    'gap',
    'arrears_oldest_first',
  ],
  [
    'an order with an instalment that there is not',
    order('cost, charges, arrears_oldest_first, {instalment: 1}, {instalment: 2}, {instalment: 3}'),
    'unknown_name',
    'instalment 3',
  ],
  [
    'an order in which one comes twice',
    order('cost, charges, arrears_oldest_first, {instalment: 1}, {instalment: 2}, cost'),
    'duplicate_key',
    'cost',
  ],
  [
    'an amnesty of what is no charge',
    amnesty('charges', 'between: [2021-01-01, 2021-01-31], waive: [tax]'),
    'unknown_name',
    'tax',
  ],
  [
    'an amnesty that ends before it begins',
    amnesty('charges', 'between: [2021-02-01, 2021-01-31], waive: [late]'),
    'value',
    '2021-01-31',
  ],
  [
    'an amnesty whose amount rests on whether it settles',
    amnesty('case when settles then charges else 0 end'),
    'unknown_name',
    'settles',
  ],
  [
    'an unused table',
    { tables: ['t: {key: {overdue: range}, bounds: lower_inclusive, reference: t, rows: [["..", 1]]}'] },
    'unused',
    't',
  ],
  [
    'a table with a gap over dues',
    {
      ...charge('overdue * t(overdue)'),
      tables: ['t: {key: {overdue: range}, bounds: lower_inclusive, reference: t, rows: [["5..", 1]]}'],
    },
    'gap',
    'overdue = ..5',
  ],
  [
    'a payment without an order',
    {
      ...charge('0.1 * overdue'),
      cases: [
        '{name: c, kind: computed, given: {payments: [{on: 2021-01-01, amount: 5}]}, expect: {balance: 5}}',
      ],
    },
    'missing_reference',
    'c',
  ],
  ['a case that expects nothing', asked('units: [{area: 1}]', ''), 'value', 'c'],
  [
    'a case that expects a charge that there is not',
    asked('units: [{area: 1}]', 'charges: {fine: 1}'),
    'unknown_name',
    'fine',
  ],
  [
    'a case that expects fewer payments than it gives',
    asked('payments: [{on: 2021-01-01, amount: 5}]', 'cleared: []'),
    'value',
    'c',
  ],
  [
    'a case whose payment clears what is not owed',
    asked('payments: [{on: 2021-01-01, amount: 5}]', 'cleared: [{cess: 5}]'),
    'unknown_name',
    'cess',
  ],
  [
    'a case with arrears of a head that is none',
    asked('demand: [{fy: 2019-20, head: cess, instalment: 1, due: 2019-09-30, amount: 5}]', 'balance: 5'),
    'unknown_name',
    'cess',
  ],
];

describe('A collection file', () => {
  it.each(faulty)('is refused with %s', async (_, parts, kind, value) => {
    const faults = await collectionFaults(halves, parts);
    const fault = faults.find((candidate) => candidate.kind === kind && candidate.value === value);
    expect(faults.map(describeFault).join('\n')).toContain(`${kind} "${value}"`);
    expect(fault!.file).toBe('collection.yaml');
    expect(fault!.line).toBeGreaterThan(1);
    expect(fault!.remedy).not.toBe('');
  });
});
