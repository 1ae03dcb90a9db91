import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CollectionEvaluator,
  ORDER_OF_TWO,
  rule,
  type MinimalCollection,
} from '../testing/minimal-collection.js';
import { head, type MinimalTariff } from '../testing/minimal-tariff.js';

const evaluator = new CollectionEvaluator();
beforeAll(() => evaluator.client.connect());
afterAll(() => evaluator.client.end());

const exact = 'round: {to: 0.01, mode: half_up}';
const parts = (...dues: string[]) =>
  dues.map((due, i) => `{n: ${i + 1}, due: ${due}, share: "${1 / dues.length}"}`);
/** Ten rupees per m2 in two halves. */
const halves: MinimalTariff = { instalments: parts('04-01', '10-01') };
/** All in one on 30 September. */
const once: MinimalTariff = {};
const ONE_TURN = '{order: [cost, charges, arrears_oldest_first, {instalment: 1}], across_heads: rank}';

interface Case {
  given: string;
  expect: string;
}
/** The differences of some cases; the property has 100 m2, so that its tax is 1,000. */
async function differences(
  tariff: MinimalTariff,
  collection: MinimalCollection,
  cases: Case[],
): Promise<string[]> {
  const lines = cases.map(({ given, expect: wanted }, i) => {
    const own = given.includes('units:') || given.includes('demand:') ? '' : 'units: [{area: 100}], ';
    return `{name: case ${i + 1}, kind: computed, given: {${own}${given}}, expect: {${wanted}}}`;
  });
  return evaluator.cases(tariff, { ...collection, cases: lines });
}

describe('A rebate', () => {
  it('for self-occupation lapses on 1 April where the year is unpaid, so that the register doubles that day', async () => {
    const half = rule(
      'self_occupied',
      '0.50 * base',
      'on: [tax], given: demand, lapses: {on: "fy_end + 1", when: "balance > 0"}',
    );
    const collection = { rebates: [half], appropriation: ONE_TURN };
    expect(
      await differences(once, collection, [
        { given: 'as_of: 2021-03-31', expect: 'rebates: {self_occupied: 500}, balance: 500' },
        { given: 'as_of: 2021-04-01', expect: 'lapsed: {self_occupied: 500}, balance: 1000' },
        { given: 'as_of: 2022-01-01', expect: 'balance: 1000' },
        {
          given: 'payments: [{on: 2021-03-31, amount: 500}], as_of: 2021-04-01',
          expect: 'lapsed: {self_occupied: 0}, balance: 0',
        },
        {
          given: 'payments: [{on: 2021-03-31, amount: 499}], as_of: 2021-04-01',
          expect: 'lapsed: {self_occupied: 500}, balance: 501',
        },
        { given: 'payments: [{on: 2021-04-01, amount: 500}], as_of: 2021-04-01', expect: 'balance: 500' },
      ]),
    ).toEqual([]);
  });

  it('may lapse in proportion to what is unpaid, where the law of part payment says so', async () => {
    const half = rule(
      'self_occupied',
      '0.50 * base',
      'on: [tax], given: demand, lapses: {on: "fy_end + 1", formula: "case when demand - rebate > 0 then rebate * balance / (demand - rebate) else 0 end"}',
    );
    const given = 'payments: [{on: 2020-12-01, amount: 400}], as_of: 2021-04-01';
    const cases = [{ given, expect: 'lapsed: {self_occupied: 100}, balance: 200' }];
    expect(await differences(once, { rebates: [half], appropriation: ONE_TURN }, cases)).toEqual([]);
  });

  it('of five per cent for each quarter that is paid in time, rounded in each quarter', async () => {
    const quarters: MinimalTariff = {
      instalments: parts('06-30', '09-30', '12-31', '03-31'),
      instalmentRounding: '{to: 1, mode: down, remainder: last}',
      heads: [head('tax', 'sum(unit.area) * price(fy) + 3 * price(fy) * sum(unit.area) / 1000')],
    };
    const rebates = [
      rule(
        'early',
        '0.05 * base',
        'on: [tax], per: instalment, given: payment, when: "instalment_paid and as_of <= due"',
      ),
    ];
    const order =
      '{order: [cost, charges, arrears_oldest_first, {instalment: 1}, {instalment: 2}, {instalment: 3}, {instalment: 4}], across_heads: rank}';
    // 1,003 is 250, 250, 250 and 253; five per cent of them 12.50, rounded 13, and 12.65, rounded 13.
    expect(
      await differences(quarters, { rebates, appropriation: order }, [
        {
          given: 'payments: [{on: 2020-06-30, amount: 237}]',
          expect: 'rebates: {early: 13}, cleared: [{tax.1: 237, advance: 0}], balance: 753',
        },
        {
          given: 'payments: [{on: 2020-07-01, amount: 250}]',
          expect: 'rebates: {early: 0}, cleared: [{tax.1: 250}]',
        },
        {
          given: 'payments: [{on: 2020-06-01, amount: 951}]',
          expect:
            'rebates: {early: 52}, cleared: [{tax.1: 237, tax.2: 237, tax.3: 237, tax.4: 240}], balance: 0',
        },
        {
          given: 'payments: [{on: 2020-06-01, amount: 237}, {on: 2020-09-30, amount: 237}]',
          expect: 'rebates: {early: 26}, cleared: [{tax.1: 237}, {tax.2: 237}], balance: 503',
        },
        {
          given: 'payments: [{on: 2020-06-01, amount: 200}]',
          expect: 'rebates: {early: 0}, cleared: [{tax.1: 200}]',
        },
      ]),
    ).toEqual([]);
  });

  it('on several heads at different per cents, each rounded, the next on what the last one left', async () => {
    const tariff: MinimalTariff = {
      heads: [head('tax', 'sum(unit.area) * price(fy)'), head('water', '0.203 * tax')],
    };
    const rebates = [
      rule('early', '0.0625 * base', `on: [tax], given: payment, when: "paid_in_full", ${exact}`),
      rule('early_water', '0.06 * base', 'on: [water], given: payment, when: "paid_in_full"'),
      rule('loyal', '0.01 * base', 'on: [tax, water], given: payment, when: "paid_in_full"'),
    ];
    const cases = [
      // 62.50; 6 % of 203 is 12.18; 1 % of 937.50 is 9.38 and of 191 is 1.91.
      {
        given: 'payments: [{on: 2020-06-01, amount: 1117.50}]',
        expect: 'rebates: {early: 62.50, early_water: 12, loyal: 11}, balance: 0',
      },
    ];
    expect(await differences(tariff, { rebates, appropriation: ONE_TURN }, cases)).toEqual([]);
  });
});

describe('Thane: halves due on 1 April and 1 October', () => {
  const rebates = [
    rule(
      'early_second_half',
      `case when as_of <= date_in_fy(9, 15) then 0.10 when as_of <= date_in_fy(9, 30) then 0.04
       when as_of <= date_in_fy(10, 31) then 0.03 when as_of <= date_in_fy(11, 30) then 0.02 else 0 end * base`.replaceAll(
        /\s+/g,
        ' ',
      ),
      'on: [tax], per: instalment, given: payment, when: "instalment = 2 and paid_in_full"',
    ),
  ];
  const charges = [
    rule(
      'interest',
      'overdue * 0.02 * months_started(greatest(due, coalesce(served_on, as_of) + 15), as_of)',
      'on: [tax], account: "9"',
    ),
  ];
  const collection = { rebates, charges, appropriation: ORDER_OF_TWO };

  it('an early rebate on the second half where the year is paid', async () => {
    expect(
      await differences(halves, collection, [
        {
          given: 'served: [{instalment: 1, on: 2020-09-01}], payments: [{on: 2020-09-15, amount: 950}]',
          expect: 'rebates: {early_second_half: 50}, balance: 0',
        },
        {
          given: 'payments: [{on: 2020-09-16, amount: 980}]',
          expect: 'rebates: {early_second_half: 20}, balance: 0',
        },
        {
          given: 'payments: [{on: 2020-09-15, amount: 500}]',
          expect: 'rebates: {early_second_half: 0}, cleared: [{tax.1: 500}], balance: 500',
        },
        {
          given: 'payments: [{on: 2020-12-01, amount: 1000}]',
          expect: 'rebates: {early_second_half: 0}, balance: 0',
        },
      ]),
    ).toEqual([]);
  });

  it('each half is chargeable only fifteen days after service of its bill', async () => {
    const served = 'served: [{instalment: 1, on: 2020-05-20}]';
    expect(
      await differences(halves, collection, [
        { given: 'as_of: 2020-09-30', expect: 'charges: {interest: 0}, balance: 1000' },
        { given: `${served}, as_of: 2020-06-04`, expect: 'charges: {interest: 0}' },
        { given: `${served}, as_of: 2020-06-05`, expect: 'charges: {interest: 10}' },
        { given: `${served}, as_of: 2020-12-04`, expect: 'charges: {interest: 60}, balance: 1060' },
      ]),
    ).toEqual([]);
  });

  it('order of appropriation: cost, charges, arrears, first half, second half', async () => {
    const demand =
      'demand: [{fy: 2019-20, head: tax, instalment: 2, due: 2019-10-01, amount: 300}, {fy: 2018-19, head: tax, instalment: 1, due: 2018-04-01, amount: 200}]';
    const given = (amount: number) =>
      `units: [{area: 100}], ${demand}, costs: [{on: 2020-05-01, amount: 50}], payments: [{on: 2020-10-02, amount: ${amount}}]`;
    expect(
      await differences(halves, { appropriation: ORDER_OF_TWO }, [
        { given: given(40), expect: 'cleared: [{cost: 40, tax: 0}], balance: 1510' },
        { given: given(249), expect: 'cleared: [{cost: 50, tax.2018-19: 199}]' },
        {
          given: given(600),
          expect: 'cleared: [{cost: 50, tax.2018-19: 200, tax.2019-20.2: 300, tax.2020-21.1: 50}]',
        },
        {
          given: given(1060),
          expect: 'cleared: [{tax.2020-21.1: 500, tax.2020-21.2: 10}], outstanding: {tax.2020-21: 490}',
        },
        { given: given(1600), expect: 'cleared: [{tax.2020-21: 1000, advance: 50}], balance: 0' },
      ]),
    ).toEqual([]);
  });
});

describe('Heads of one instalment', () => {
  const three: MinimalTariff = {
    heads: [head('tax', 'sum(unit.area) * price(fy)'), head('water', '0.5 * tax'), head('cess', '0.1 * tax')],
  };
  it.each([
    ['rank', 1200, '{tax: 1000, water: 200, cess: 0}'],
    ['pro_rata', 800, '{tax: 500, water: 250, cess: 50}'],
    ['pro_rata', 100, '{tax: 62.50, water: 31.25, cess: 6.25}'],
    ['pro_rata', 0.01, '{tax: 0, water: 0, cess: 0.01}'],
    ['pro_rata', 1600, '{tax: 1000, water: 500, cess: 100, advance: 0}'],
  ])('are cleared by %s: %s', async (how, amount, cleared) => {
    const appropriation = ONE_TURN.replace('across_heads: rank', `across_heads: ${how}`);
    const cases = [
      { given: `payments: [{on: 2020-09-01, amount: ${amount}}]`, expect: `cleared: [${cleared}]` },
    ];
    expect(await differences(three, { appropriation }, cases)).toEqual([]);
  });
});

describe('A charge', () => {
  const on = (name: string, formula: string, more = '') =>
    rule(name, formula, `on: [tax], account: "9"${more && `, ${more}`}`);
  const grown = (charge: string, days: Record<string, string>, tariff = once) =>
    differences(
      tariff,
      { charges: [charge] },
      Object.entries(days).map(([day, amount]) => ({
        given: `as_of: ${day}`,
        expect: `charges: {late: ${amount}}`,
      })),
    );

  it('by month started: one per cent a month or part, simple', async () => {
    const days = {
      '2020-09-30': '0',
      '2020-10-01': '10',
      '2020-10-31': '10',
      '2020-11-01': '20',
      '2021-09-30': '120',
    };
    expect(await grown(on('late', 'overdue * 0.01 * months_started(due, as_of)'), days)).toEqual([]);
  });

  it('by day: eighteen per cent a year', async () => {
    const days = { '2020-09-30': '0', '2020-10-01': '0.49', '2021-09-30': '180' };
    expect(await grown(on('late', 'overdue * 0.18 * days(due, as_of) / 365', exact), days)).toEqual([]);
  });

  it('in stages: Bhopal 3 % to 31 January, 6 % in February, 9 % in March, 15 % after', async () => {
    const stages =
      'overdue * case when as_of <= date_in_fy(1, 31) then 0.03 when as_of <= date_in_fy(2, 28) then 0.06 when as_of <= fy_end then 0.09 else 0.15 end';
    const days = {
      '2020-10-01': '30',
      '2021-01-31': '30',
      '2021-02-01': '60',
      '2021-03-31': '90',
      '2021-04-01': '150',
      '2023-04-01': '150',
    };
    expect(await grown(on('late', stages), days)).toEqual([]);
  });

  it('flat: Raipur 6 % after 31 March', async () => {
    const days = { '2021-03-31': '0', '2021-04-01': '60', '2022-04-01': '60' };
    expect(await grown(on('late', '0.06 * overdue', 'when: "as_of > fy_end"'), days)).toEqual([]);
  });

  it('once a year whatever the instalments: Bhilai 18 % and 1,000', async () => {
    const late = on('late', '0.18 * overdue + 1000', 'per: year, when: "as_of > fy_end"');
    expect(
      await grown(late, { '2021-03-31': '0', '2021-04-01': '1180', '2022-04-01': '1180' }, halves),
    ).toEqual([]);
  });

  it('capped: Jammu 100 or 1 % a month, at most 1,000', async () => {
    const formula = 'greatest(100, overdue * 0.01 * months_started(due, as_of))';
    const late = on('late', formula, 'cap: "1000", per: year');
    const days = { '2020-10-01': '100', '2021-07-31': '100', '2021-09-30': '120', '2040-01-01': '1000' };
    expect(await grown(late, days)).toEqual([]);
  });

  it('grows on what is still overdue: a part payment takes back nothing that had accrued', async () => {
    const collection = {
      charges: [on('late', 'overdue * 0.01 * months_started(due, as_of)')],
      appropriation: ONE_TURN,
    };
    expect(
      await differences(once, collection, [
        // Three months of 1,000 are 30; 530 clear them and 500 of the tax; then two months of 500.
        {
          given: 'payments: [{on: 2020-12-15, amount: 530}], as_of: 2021-02-15',
          expect: 'charges: {late: 40}, cleared: [{late: 30, tax: 500}], balance: 510',
        },
        // Paid late in the same month: that month is charged once.
        {
          given: 'payments: [{on: 2020-12-05, amount: 30}], as_of: 2020-12-31',
          expect: 'charges: {late: 30}, balance: 1000',
        },
        {
          given: 'payments: [{on: 2020-09-30, amount: 1000}], as_of: 2021-12-31',
          expect: 'charges: {late: 0}, balance: 0',
        },
      ]),
    ).toEqual([]);
  });

  it('is not charged on charges', async () => {
    const collection = {
      charges: [on('late', '0.10 * overdue'), on('fine', '0.05 * overdue')],
      appropriation: ONE_TURN,
    };
    const cases = [{ given: 'as_of: 2020-10-01', expect: 'charges: {late: 100, fine: 50}, balance: 1150' }];
    expect(await differences(once, collection, cases)).toEqual([]);
  });
});

describe('An amnesty', () => {
  it('by size of dues: charges forgiven whole up to 50,000, half up to a lakh, a quarter above', async () => {
    const charges = [rule('surcharge', '0.20 * overdue', 'on: [tax], account: "9"')];
    const tables = [
      'waived: {key: {dues: range}, bounds: upper_inclusive, reference: Lok Adalat, rows: [["..50000", 1], ["50000..100000", 0.5], ["100000..", 0.25]]}',
    ];
    const amnesties = [
      rule(
        'lok_adalat',
        'charges * waived(dues)',
        'between: [2021-05-01, 2021-05-31], waive: [surcharge], when: "settles"',
      ),
    ];
    const collection = { charges, tables, amnesties, appropriation: ONE_TURN };
    const of = (m2: number, on: string, amount: number) =>
      `units: [{area: ${m2}}], payments: [{on: ${on}, amount: ${amount}}]`;
    expect(
      await differences(once, collection, [
        {
          given: of(4000, '2021-05-31', 40000),
          expect: 'waived: {lok_adalat: 8000}, cleared: [{tax: 40000}], balance: 0',
        },
        {
          given: of(5000, '2021-05-01', 55000),
          expect: 'waived: {lok_adalat: 5000}, cleared: [{surcharge: 5000, tax: 50000}], balance: 0',
        },
        { given: of(10000, '2021-05-01', 115000), expect: 'waived: {lok_adalat: 5000}, balance: 0' },
        { given: of(4000, '2021-06-01', 40000), expect: 'waived: {lok_adalat: 0}, balance: 8000' },
        {
          given: of(4000, '2021-05-10', 39999),
          expect: 'waived: {lok_adalat: 0}, cleared: [{surcharge: 8000, tax: 31999}]',
        },
      ]),
    ).toEqual([]);
  });
});
