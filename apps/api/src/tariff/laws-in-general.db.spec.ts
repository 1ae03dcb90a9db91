import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CollectionEvaluator, rule } from './testing/minimal-collection.js';
import { COIN, type Facts } from './testing/evaluate.js';
import { exemption, head, step, type MinimalTariff } from './testing/minimal-tariff.js';

/** Rules that most Acts know in one form or another, on round figures. */

const evaluator = new CollectionEvaluator();
beforeAll(() => evaluator.client.connect());
afterAll(() => evaluator.client.end());

const rupee = 'round: {to: 1, mode: half_up}';
const paisa = 'round: {to: 0.01, mode: half_up}';
const table = (name: string, key: string, rows: string, more = '') =>
  `${name}: {key: {${key}}, reference: t, ${more && `${more}, `}rows: ${rows}}`;
const parts = (...dues: string[]) =>
  dues.map((due, i) => `{n: ${i + 1}, due: ${due}, share: "${1 / dues.length}"}`);
const halves = parts('04-01', '10-01');

describe('Flat and least amounts', () => {
  it('a minimum tax, and flat taxes by slab', async () => {
    const tariff: MinimalTariff = {
      tables: [
        table('price', 'fy: range', '[["..", 10]]', 'unit: money/area, bounds: lower_inclusive'),
        table('least_tax', 'fy: range', '[["..", 150]]', 'unit: money, bounds: lower_inclusive'),
        table(
          'water',
          'value: range',
          '[["..6000", 300], ["6000..", 600]]',
          'unit: money, bounds: upper_inclusive',
        ),
      ],
      propertySteps: [step('value', 'sum(unit.area) * price(fy)')],
      heads: [
        head('tax', 'greatest(least_tax(fy), 0.01 * value)', rupee),
        head('water_tax', 'water(value)', rupee),
      ],
    };
    expect(await evaluator.heads(tariff, { units: [{ area: '600' }] })).toEqual([150, 300]);
    expect(await evaluator.heads(tariff, { units: [{ area: '6000' }] })).toEqual([600, 600]);
  });

  it('a head that rounds off the total up, and a rebate on demand that rounds it down', async () => {
    const total = '(tax + cess)';
    const tariff: MinimalTariff = {
      heads: [
        head('tax', 'sum(unit.area) * price(fy)', paisa),
        head('cess', '0.05 * tax', paisa),
        head(
          'round_off',
          `case when ${total} - floor${total} >= 0.5 then ceil${total} - ${total} else 0 end`,
          paisa,
        ),
      ],
    };
    const down = rule(
      'round_off_down',
      `case when ${total} - floor${total} < 0.5 then ${total} - floor${total} else 0 end`,
      `on: [tax], given: demand, ${paisa}`,
    );
    const net = (area: string, amount: string) =>
      `{name: a${area}, kind: computed, given: {units: [{area: ${area}}]}, expect: {net: ${amount}}}`;
    // 105.32 and 105.68 in all.
    const cases = [net('10.03', '105'), net('10.065', '106'), net('10', '105')];
    expect(await evaluator.cases(tariff, { rebates: [down], cases })).toEqual([]);
  });
});

describe('Exemptions', () => {
  const tariff: MinimalTariff = {
    property: '{worship: {boolean: true, default: false}}',
    unit: '{area: {area: true}, use: {code: [home, school]}}',
    owner: '{share: {fraction: true}, class: {code: [none, ex_serviceman, widow]}}',
    exemptions: [
      exemption('worship', 'worship'),
      exemption('widow', "bool_and(owner.class = 'widow')", 'on: [tax]'),
    ],
    heads: [
      head(
        'tax',
        "sum(unit.area) filter (where unit.use <> 'school') * price(fy) * (1 - sum(owner.share) filter (where owner.class = 'ex_serviceman'))",
        paisa,
      ),
      head('water', 'sum(unit.area) * price(fy) * 0.10', paisa),
    ],
  };
  const units = [
    { area: '100', use: 'home' },
    { area: '50', use: 'school' },
  ];
  const owners = (...all: [string, string][]) => all.map(([owner, share]) => ({ class: owner, share }));

  it('by use, by the class of owners, and by their share', async () => {
    const of = (all: Facts[], property = {}) => evaluator.heads(tariff, { property, units, owners: all });
    expect(await of(owners(['none', '1']))).toEqual([1000, 150]);
    expect(await of(owners(['ex_serviceman', '0.25'], ['none', '0.75']))).toEqual([750, 150]);
    expect(await of(owners(['widow', '1']))).toEqual([0, 150]);
    expect(await of(owners(['widow', '0.5'], ['none', '0.5']))).toEqual([1000, 150]);
    expect(await of(owners(['none', '1']), { worship: 'true' })).toEqual([0, 0]);
  });
});

describe('A part of the year', () => {
  const tariff: MinimalTariff = {
    unit:
      '{area: {area: true}, completed_on: {date: true, optional: true}, demolished_on: {date: true, optional: true}, ' +
      'vacant_months: {number: true, min: 0, max: 12, optional: true}}',
    unitSteps: [
      step(
        'completed',
        'case when completed_on is null then fy_start - 1 else greatest(completed_on, fy_start - 1) end',
      ),
      step('demolished', 'case when demolished_on is null then fy_end else least(demolished_on, fy_end) end'),
      step(
        'months',
        'months_started(completed, demolished) - 0.5 * coalesce(vacant_months, 0)',
        'domain: {min: 0, max: 12}',
      ),
    ],
    heads: [head('tax', 'sum(unit.area * unit.months) * price(fy) / 12', rupee)],
  };
  it.each<[string, Facts, number]>([
    ['a whole year', {}, 1200],
    ['completion on 12 August: the months that begin after it', { completed_on: '2020-08-12' }, 800],
    ['completion years ago', { completed_on: '1999-08-12' }, 1200],
    ['completion after the year', { completed_on: '2021-06-01' }, 0],
    ['demolition on 10 June: three months had begun', { demolished_on: '2020-06-10' }, 300],
    ['demolition before the year', { demolished_on: '2020-03-01' }, 0],
    [
      'completion and demolition in the year',
      { completed_on: '2020-06-30', demolished_on: '2020-12-31' },
      600,
    ],
    ['a remission of half the tax for six vacant months', { vacant_months: '6' }, 900],
  ])('%s', async (_, facts, tax) => {
    expect(await evaluator.heads(tariff, { units: [{ area: '120', ...facts }] })).toEqual([tax]);
  });
});

describe('Several heads', () => {
  it('have their own base, rounding and period', async () => {
    const tariff: MinimalTariff = {
      property: '{connections: {number: true, min: 0}}',
      tables: [
        COIN,
        table('price', 'fy: range', '[["..", 10]]', 'unit: money/area, bounds: lower_inclusive'),
      ],
      heads: [
        head('tax', 'sum(unit.area) * price(fy)', rupee),
        head('water', 'connections * 60.5 * coin(fy)', `per: half_year, ${rupee}`),
        head('education', '0.03 * tax', 'round: {to: 0.05, mode: up}'),
        head('light', '0.02 * (tax + education)', 'round: {to: 1, mode: half_even}'),
      ],
      instalments: halves,
    };
    const outcome = await evaluator.assess(tariff, {
      property: { connections: '3' },
      units: [{ area: '51.23' }],
    });
    expect(outcome.head_paise).toEqual(['51200', '36400', '1540', '1100']);
    expect(outcome.amounts_paise).toEqual(['25600', '25600', '18200', '18200', '770', '770', '550', '550']);
  });
});
