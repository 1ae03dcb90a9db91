import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { COIN, Evaluator, type Facts } from './testing/evaluate.js';
import { faultsOf, head, step, type MinimalTariff } from './testing/minimal-tariff.js';

const evaluator = new Evaluator();
beforeAll(() => evaluator.client.connect());
afterAll(() => evaluator.client.end());

const exact = 'round: {to: 0.01, mode: half_up}';
const halves = ['{n: 1, due: 09-30, share: "0.5"}', '{n: 2, due: 03-31, share: "0.5"}'];
const quarters = ['06-30', '09-30', '12-31', '03-31'].map(
  (due, i) => `{n: ${i + 1}, due: ${due}, share: "0.25"}`,
);

describe('Dates', () => {
  const between = async (formula: string, from: string, to: string) => {
    const parts: MinimalTariff = {
      property: '{began: {date: true}, ended: {date: true}}',
      unit: '{}',
      tables: [COIN],
      heads: [head('tax', `(${formula}) * coin(fy)`, exact)],
    };
    return (await evaluator.heads(parts, { property: { began: from, ended: to } }))[0];
  };

  it.each([
    ['2020-06-30', '2020-06-30', 0],
    ['2020-06-30', '2020-05-01', 0],
    ['2020-06-30', '2020-07-01', 1],
    ['2020-06-30', '2020-07-31', 1],
    ['2020-06-30', '2020-08-01', 2],
    ['2020-06-15', '2020-07-15', 1],
    ['2020-06-15', '2020-07-16', 2],
    ['2020-12-31', '2021-03-31', 3],
    ['2020-01-30', '2020-02-29', 1],
    ['2020-01-30', '2020-03-01', 2],
    ['2019-03-31', '2021-03-31', 24],
  ])('months_started(%s, %s) is %s', async (from, to, months) => {
    expect(await between('months_started(began, ended)', from, to)).toBe(months);
  });

  it.each([
    ['2020-02-28', '2020-03-01', 2],
    ['2020-03-01', '2020-02-28', 0],
    ['2020-03-31', '2021-03-31', 365],
  ])('days(%s, %s) is %s', async (from, to, days) => {
    expect(await between('days(began, ended)', from, to)).toBe(days);
  });

  it('that are none are missing inputs that name the value', async () => {
    const parts: MinimalTariff = {
      unit: '{area: {area: true}, completed_on: {date: true, optional: true}}',
      tables: [COIN],
      heads: [
        head('tax', 'count(unit) filter (where unit.area > 0 and unit.completed_on is null) * coin(fy)'),
      ],
    };
    const of = async (completed_on: string) =>
      (await evaluator.assess(parts, { units: [{ area: '9', completed_on }] })).missing;
    expect(await of('2020-02-29')).toBeNull();
    for (const wrong of ['2021-02-29', '2020-13-01', '2020-00-10', 'soon', '0202-01-01', '2020-1-1']) {
      expect(await of(wrong)).toEqual([`unit.completed_on=${wrong}`]);
    }
  });

  it('know the day that is assessed and the ends of the year', async () => {
    const parts: MinimalTariff = {
      unit: '{}',
      tables: [COIN],
      heads: [head('tax', '(days(fy_start, as_of) * 1000 + days(as_of, fy_end)) * coin(fy)')],
    };
    expect(await evaluator.heads(parts, { fy: '2020-21', as_of: '2020-04-11' })).toEqual([10_354]);
  });
});

describe('A head per half-year or quarter', () => {
  it('is rounded in each part, and the year is the sum of its parts', async () => {
    const parts: MinimalTariff = {
      heads: [head('tax', 'sum(unit.area) * price(fy) * 0.0775', `per: half_year, ${exact}`)],
      instalments: halves,
    };
    const outcome = await evaluator.assess(parts, { units: [{ area: '109.2' }] });
    expect(outcome).toMatchObject({ head_paise: ['16926'], amounts_paise: ['8463', '8463'] });
  });

  it('is seen by a head of the same part as that part, by one of the year as the year', async () => {
    const parts: MinimalTariff = {
      heads: [
        head('tax', 'sum(unit.area) * price(fy)', 'per: quarter, round: {to: 1, mode: half_up}'),
        head('cess', '0.10 * tax', 'per: quarter, round: {to: 1, mode: half_up}'),
        head('fund', '0.10 * tax'),
      ],
      instalments: quarters,
    };
    expect(await evaluator.heads(parts, { units: [{ area: '1.4' }] })).toEqual([56, 4, 6]);
  });

  it.each<[string, MinimalTariff, string]>([
    [
      'that does not fit the instalments',
      { heads: [head('tax', 'sum(unit.area) * price(fy)', `per: quarter, ${exact}`)], instalments: halves },
      'shares "quarter"',
    ],
    [
      'that names a head of another period',
      {
        heads: [
          head('tax', 'sum(unit.area) * price(fy)'),
          head('cess', '0.1 * tax', `per: half_year, ${exact}`),
        ],
        instalments: halves,
      },
      'unit "tax"',
    ],
  ])('%s is refused', async (_, parts, fault) => {
    expect((await faultsOf(parts)).map(({ kind, value }) => `${kind} "${value}"`)).toContain(fault);
  });
});

describe('previous(x)', () => {
  const capped: MinimalTariff = {
    unit: '{area: {area: true}, guideline: {number: true, unit: money/area}}',
    carried: '{unit: {rate: {number: true, unit: money/area}}}',
    unitSteps: [
      step(
        'rate',
        'case when previous(rate) is null then guideline else least(guideline, 1.1 * previous(rate)) end',
      ),
    ],
    tables: [],
    heads: [head('tax', 'sum(unit.area * unit.rate)', exact)],
  };
  const units: Facts[] = [{ area: '10', guideline: '20' }];

  it('is the value of the last year, by the number of the unit, and NULL for what is new', async () => {
    expect(await evaluator.heads(capped, { units })).toEqual([200]);
    expect(await evaluator.heads(capped, { units, previous: { units: [{ rate: '10' }] } })).toEqual([110]);
    const two = [...units, { area: '1', guideline: '20' }];
    expect(await evaluator.heads(capped, { units: two, previous: { units: [{ rate: '10' }] } })).toEqual([
      130,
    ]);
  });

  it('keeps all decimals of a step that is not rounded', async () => {
    const rate = '0.33333333333333333333';
    expect(await evaluator.heads(capped, { units, previous: { units: [{ rate }] } })).toEqual([3.67]);
  });

  it('that cannot be read makes an exception, not a new property', async () => {
    const outcome = await evaluator.assess(capped, { units, previous: { units: [{ rate: 'x' }] } });
    expect(outcome.missing).toEqual(['unit.previous(rate)=x']);
  });

  it('may be of the property, asked in formulas of both levels and in aggregates', async () => {
    const parts: MinimalTariff = {
      carried: '{property: {value: {number: true, unit: money}}, unit: {own: {area: true}}}',
      unitSteps: [step('own', 'area'), step('extra', 'coalesce(previous(value), 0)')],
      propertySteps: [
        step(
          'value',
          'coalesce(previous(value), 0) + sum(coalesce(previous(unit.own), unit.own)) * price(fy)',
        ),
      ],
      heads: [head('tax', 'value + sum(unit.extra)')],
    };
    const units = [{ area: '3' }, { area: '4' }];
    expect(await evaluator.heads(parts, { units })).toEqual([70]);
    const previous = { property: { value: '5' }, units: [{ own: '2' }] };
    expect(await evaluator.heads(parts, { units, previous })).toEqual([5 + 20 + 40 + 5 + 5]);
  });

  it.each<[string, Partial<MinimalTariff>, string]>([
    ['of what is not carried', { carried: '{}' }, 'unknown_name "previous(rate)"'],
    ['without a guard', { unitSteps: [step('rate', 'previous(rate)')] }, 'null "previous(rate)"'],
    [
      'of an expression',
      { unitSteps: [step('rate', 'coalesce(previous(1 + 1), guideline)')] },
      'type "previous(1 + 1)"',
    ],
    [
      'of another unit than the step has',
      {
        carried: '{unit: {rate: {money: true}}}',
        unitSteps: [step('rate', 'case when previous(rate) is null then guideline else guideline end')],
      },
      'unit "rate"',
    ],
    [
      'of another type',
      {
        carried: '{unit: {rate: {boolean: true}}}',
        unitSteps: [
          step('rate', 'case when coalesce(previous(rate), false) then guideline else guideline end'),
        ],
      },
      'type "rate"',
    ],
    [
      'of what is no step',
      { carried: '{unit: {rate: {number: true, unit: money/area}, roof: {area: true}}}' },
      'unknown_name "roof"',
    ],
    ['that nothing asks for', { unitSteps: [step('rate', 'guideline')] }, 'unused "rate"'],
    ['with a default', { carried: '{unit: {rate: {number: true, default: 1}}}' }, 'value "default"'],
  ])('%s is refused', async (_, parts, fault) => {
    const faults = await faultsOf({ ...capped, ...parts });
    expect(faults.map(({ kind, value }) => `${kind} "${value}"`)).toContain(fault);
  });
});
