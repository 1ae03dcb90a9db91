import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CollectionEvaluator, rule } from './testing/minimal-collection.js';
import { type Facts } from './testing/evaluate.js';
import { head, step, type MinimalTariff } from './testing/minimal-tariff.js';

/** Each rule is law somewhere in India; the rates are those of the worked examples or, where none is, round figures. */

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
const quarters = parts('06-30', '09-30', '12-31', '03-31');

describe('Madhya Pradesh 2020: the taxable value per m2 rises at most 10 % a year and never falls', () => {
  const tariff: MinimalTariff = {
    unit: '{area: {area: true}, guideline: {number: true, unit: money/area, min: 0}}',
    carried: '{unit: {tpv_rate: {number: true, unit: money/area, min: 0}}}',
    tables: [],
    unitSteps: [
      step(
        'tpv_rate',
        'case when previous(tpv_rate) is null then guideline else greatest(previous(tpv_rate), least(guideline, 1.10 * previous(tpv_rate))) end',
      ),
    ],
    heads: [head('tax', '0.10 * sum(unit.area * unit.tpv_rate)', paisa)],
  };
  const floor = (guideline: string): Facts => ({ area: '100', guideline });

  it.each<[string, Facts[], Facts[] | null, number]>([
    ['the first year is the guideline', [floor('50')], null, 500],
    ['a rise of 8 % is taken whole', [floor('54')], [{ tpv_rate: '50' }], 540],
    ['a rise of 40 % is taken as 10 %', [floor('70')], [{ tpv_rate: '50' }], 550],
    ['a fall is not taken', [floor('30')], [{ tpv_rate: '50' }], 500],
    ['a new floor is not capped by the old ones', [floor('70'), floor('70')], [{ tpv_rate: '50' }], 1250],
    ['a demolished floor is not taxed', [floor('70')], [{ tpv_rate: '50' }, { tpv_rate: '50' }], 550],
  ])('%s', async (_, units, before, tax) => {
    const previous = before ? { units: before } : undefined;
    expect(await evaluator.heads(tariff, { units, ...(previous && { previous }) })).toEqual([tax]);
  });
});

describe('Limits on the year before', () => {
  const capped = (formula: string): MinimalTariff => ({
    carried: '{property: {value: {number: true, unit: money, min: 0}}}',
    propertySteps: [step('uncapped', 'sum(unit.area) * price(fy)'), step('value', formula)],
    heads: [head('tax', 'value', paisa)],
  });
  const tax = async (formula: string, area: string, value?: string) => {
    const given = { units: [{ area }], ...(value && { previous: { property: { value } } }) };
    return (await evaluator.heads(capped(formula), given))[0];
  };
  const kolkata =
    'case when previous(value) is null then uncapped else greatest(0.8 * previous(value), least(1.2 * previous(value), uncapped)) end';
  const andhra =
    'case when previous(value) is null then uncapped else least(1.10 * previous(value), uncapped) end';

  it('Kolkata: at most 20 % more and 20 % less', async () => {
    expect(await tax(kolkata, '100')).toBe(1000);
    expect(await tax(kolkata, '100', '500')).toBe(600);
    expect(await tax(kolkata, '100', '2000')).toBe(1600);
    expect(await tax(kolkata, '100', '1100')).toBe(1000);
  });

  it('Andhra Pradesh: at most 10 % more than the tax before, and any fall', async () => {
    expect(await tax(andhra, '100', '500')).toBe(550);
    expect(await tax(andhra, '100', '5000')).toBe(1000);
  });
});

describe('Bengaluru', () => {
  const tariff: MinimalTariff = {
    units: '{currency: INR, area: ft2}',
    property: '{zone: {code: [A, B, C, D, E, F]}}',
    unit: '{area: {area: true}, occupancy: {code: [self, tenant]}, year_built: {year: true}}',
    carried: '{property: {zone_rank: {number: true, min: 1, max: 6}}}',
    tables: [
      table('rank', 'zone: exact', '[[A, 6], [B, 5], [C, 4], [D, 3], [E, 2], [F, 1]]'),
      table(
        'monthly',
        'zone_rank: range, occupancy: exact',
        `[${['2.00, 1.00', '2.40, 1.20', '3.20, 1.60', '3.60, 1.80', '4.00, 2.00', '5.00, 2.50']
          .map((pair, i) => [i === 0 ? '..1' : `${i}..${i + 1}`, pair.split(', ')] as const)
          .map(([range, [tenant, self]]) => `["${range}", tenant, ${tenant}], ["${range}", self, ${self}]`)
          .join(', ')}]`,
        'unit: money/area, bounds: upper_inclusive',
      ),
      table(
        'depreciation',
        'age: range',
        '[["..3", 0], ["3..25", 0.24], ["25..60", 0.33], ["60..", 0.70]]',
        'bounds: upper_inclusive',
      ),
      table('waste_fee', 'fy: range', '[["..", 120]]', 'unit: money, bounds: lower_inclusive'),
    ],
    unitSteps: [
      step('age', 'fy - year_built'),
      step('annual', 'area * monthly(zone_rank, occupancy) * 10'),
      step('net', 'annual - annual * depreciation(age)'),
    ],
    propertySteps: [
      step(
        'zone_rank',
        'case when previous(zone_rank) is null then rank(zone) else greatest(previous(zone_rank), least(rank(zone), previous(zone_rank) + 1)) end',
        'domain: {min: 1, max: 6}',
      ),
    ],
    heads: [
      head('tax', '0.20 * sum(unit.net)', paisa),
      head('cess', '0.24 * tax', paisa),
      head('fee', 'waste_fee(fy)', rupee),
    ],
  };
  const units = [
    { area: '450', occupancy: 'tenant', year_built: '2000' },
    { area: '950', occupancy: 'self', year_built: '2000' },
  ];

  it('ten months, depreciation from the fourth year with a maximum, 24 % cess on the tax', async () => {
    expect(await evaluator.heads(tariff, { property: { zone: 'E' }, units })).toEqual([3374.4, 809.86, 120]);
    const of = async (year_built: string) => {
      const one = { area: '1000', occupancy: 'self', year_built };
      return (await evaluator.heads(tariff, { property: { zone: 'E' }, units: [one] }))[0];
    };
    expect([await of('2017'), await of('2016'), await of('1960'), await of('1900')]).toEqual([
      2400, 1824, 1608, 720,
    ]);
  });

  it.each([
    ['may rise one step', 'B', '2', '3'],
    ['may not rise by two', 'A', '2', '3'],
    ['never falls', 'F', '4', '4'],
    ['stays', 'D', '3', '3'],
  ])('the zone %s', async (_, zone, before, rank) => {
    const outcome = await evaluator.assess(tariff, {
      property: { zone },
      units,
      previous: { property: { zone_rank: before } },
    });
    expect(outcome.steps).toMatchObject({ zone_rank: rank });
  });

  it('5 % off tax and cess for the year paid early, the fee outside the rebate', async () => {
    const early = rule(
      'early',
      '0.05 * base',
      `on: [tax, cess], given: payment, when: "paid_in_full", ${paisa}`,
    );
    const given = `property: {zone: E}, units: [${units.map((one) => JSON.stringify(one)).join(', ')}], payment: {on: 2020-04-20}`;
    const cases = [
      `{name: a, kind: computed, given: {${given}}, expect: {rebates: {early: 209.21}, net: 4095.05}}`,
    ];
    expect(await evaluator.cases(tariff, { rebates: [early], cases })).toEqual([]);
  });
});

describe('Thane: twelve months less 10 %, a composite of heads, each half rounded', () => {
  it('the heads have their own per cents of the rateable value', async () => {
    const heads = [
      head('general', '0.30 * rateable / 2', `per: half_year, ${rupee}`),
      head('tree', '0.005 * rateable / 2', `per: half_year, ${paisa}`),
    ];
    const tariff = {
      propertySteps: [step('rateable', '0.90 * 12 * sum(unit.area) * price(fy)', rupee)],
      heads,
      instalments: halves,
    };
    const outcome = await evaluator.assess(tariff, { units: [{ area: '55.5' }] });
    expect(outcome.steps).toMatchObject({ rateable: '5994' });
    expect(outcome.amounts_paise).toEqual(['89900', '89900', '1499', '1499']);
  });
});

describe('Kolkata annual value', () => {
  const tariff: MinimalTariff = {
    tables: [table('slope', 'fy: range', '[["..", 600]]', 'unit: money, bounds: lower_inclusive')],
    unit: '{value: {money: true}}',
    propertySteps: [
      step('av', 'sum(unit.value)', 'domain: {min: 0, max: 100000000}'),
      step(
        'rate',
        'case when av <= 600 then 11 when av <= 18000 then av / slope(fy) + 10 else 40 end',
        'round: {to: 0.1, mode: half_up}',
      ),
    ],
    heads: [head('tax', 'av * rate / 100', rupee)],
    instalments: quarters,
    instalmentRounding: '{to: 1, mode: down, remainder: last}',
  };

  it.each([
    ['600', '11', ['16', '16', '16', '18']],
    ['601', '11', ['16', '16', '16', '18']],
    ['1000', '11.7', ['29', '29', '29', '30']],
    ['6000', '20', ['300', '300', '300', '300']],
    ['12345', '30.6', ['944', '944', '944', '946']],
    ['18001', '40', ['1800', '1800', '1800', '1800']],
  ])(
    'of %s is taxed at %s per cent, quarters to the rupee and the remainder last',
    async (value, rate, amounts) => {
      const outcome = await evaluator.assess(tariff, { units: [{ value }] });
      expect(Number(outcome.steps!['rate'])).toBe(Number(rate));
      expect(outcome.amounts_paise).toEqual(amounts.map((amount) => `${amount}00`));
    },
  );
});

describe('Bihar: vacant land where the ground-floor plinth is under 70 % of the land', () => {
  it.each([
    ['0', 2000],
    ['300', 1143],
    ['699', 3],
    ['700', 0],
  ])(
    'land of 1,000 with a plinth of %s is taxed on the land less 1.42855 times the plinth',
    async (plinth, tax) => {
      const tariff: MinimalTariff = {
        property: '{land_area: {area: true}, plinth: {area: true}}',
        unit: '{}',
        tables: [table('rate', 'fy: range', '[["..", 2]]', 'unit: money/area, bounds: lower_inclusive')],
        propertySteps: [
          step(
            'vacant',
            'case when plinth < 0.70 * land_area then greatest(land_area - plinth * 1.42855, 0) else 0 end',
          ),
        ],
        heads: [head('tax', 'vacant * rate(fy)', rupee)],
      };
      expect(await evaluator.heads(tariff, { property: { land_area: '1000', plinth } })).toEqual([tax]);
    },
  );

  it('carpet area is 70 or 80 % of the built area, taxed at 9 %', async () => {
    const tariff: MinimalTariff = {
      unit: '{area: {area: true}, use: {code: [residential, commercial]}}',
      tables: [
        table('carpet', 'use: exact', '[[residential, 0.70], [commercial, 0.80]]'),
        table('rent', 'use: exact', '[[residential, 6], [commercial, 18]]', 'unit: money/area'),
      ],
      heads: [head('tax', '0.09 * sum(unit.area * carpet(unit.use) * rent(unit.use))', rupee)],
    };
    expect(await evaluator.heads(tariff, { units: [{ area: '2100', use: 'commercial' }] })).toEqual([2722]);
  });
});

describe('Chennai', () => {
  it('twelve months, 10 % land deducted, 10 % depreciation on the rest, land added back: 10.92 months', async () => {
    const tariff: MinimalTariff = {
      units: '{currency: INR, area: ft2}',
      tables: [
        table('monthly', 'fy: range', '[["..", 1]]', 'unit: money/area, bounds: lower_inclusive'),
        table(
          'rate',
          'annual_value: range',
          '[["..500", 3.75], ["500..1000", 6.75], ["1000..5000", 7.75], ["5000..", 9.00]]',
          'bounds: upper_inclusive, unit: percent',
        ),
      ],
      propertySteps: [
        step('yearly', '12 * sum(unit.area) * monthly(fy)'),
        step('land', '0.10 * yearly'),
        step('annual_value', '(yearly - land) * 0.90 + land'),
      ],
      heads: [
        head('general', 'annual_value * rate(annual_value) / 100', `per: half_year, ${paisa}`),
        head('library', '0.10 * general', `per: half_year, ${paisa}`),
      ],
      instalments: halves,
    };
    const outcome = await evaluator.assess(tariff, { units: [{ area: '100' }] });
    expect(Number(outcome.steps!['annual_value'])).toBe(1092);
    expect(outcome.amounts_paise).toEqual(['8463', '8463', '846', '846']);
  });
});

describe('Hyderabad', () => {
  it('slabs on the whole value, value split half land half building, age rebate on the half, library cess', async () => {
    const tariff: MinimalTariff = {
      unit: '{rent: {money: true}, year_built: {year: true}}',
      tables: [
        table(
          'rate',
          'monthly: range',
          '[["..50", 0], ["50..100", 17], ["100..200", 19], ["200..300", 22], ["300..", 30]]',
          'bounds: upper_inclusive, unit: percent',
        ),
        table(
          'age_rebate',
          'age: range',
          '[["..25", 0.10], ["25..40", 0.20], ["40..", 0.30]]',
          'bounds: upper_inclusive',
        ),
      ],
      unitSteps: [step('age', 'fy - year_built'), step('net', '6 * rent + 6 * rent * (1 - age_rebate(age))')],
      propertySteps: [step('monthly', 'sum(unit.rent)')],
      heads: [
        head('tax', 'sum(unit.net) * rate(monthly) / 100', rupee),
        head('library', '0.08 * tax', rupee),
      ],
    };
    const of = (rent: string, year_built: string) =>
      evaluator.heads(tariff, { units: [{ rent, year_built }] });
    expect(await of('200', '2000')).toEqual([433, 35]);
    expect(await of('201', '2000')).toEqual([504, 40]);
    expect(await of('200', '1970')).toEqual([388, 31]);
    expect(await of('50', '1970')).toEqual([0, 0]);
  });
});
