import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { caseParameters, caseSql } from './case.js';
import { caseGiven } from './file/schema.js';
import { compileMinimal, exemption, head, step, type MinimalTariff } from './testing/minimal-tariff.js';

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
});
afterAll(() => client.end());

interface Outcome {
  missing: string[] | null;
  exempt: boolean;
  head_paise: string[] | null;
  amounts_paise: string[] | null;
  steps: Record<string, string> | null;
}

interface Given {
  fy?: string;
  property?: Record<string, string>;
  units?: Record<string, string>[];
  owners?: Record<string, string>[];
}

/** What PostgreSQL makes of a minimal tariff for one property. */
async function assess(parts: MinimalTariff, given: Given = { units: [{ area: '10' }] }): Promise<Outcome> {
  const result = await compileMinimal(parts);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const parameters = caseParameters(result.tariff, caseGiven.parse(given));
  const { rows } = await client.query<Outcome>(caseSql(result.tariff), parameters);
  expect(rows).toHaveLength(1);
  return rows[0]!;
}

const COIN =
  'coin: {key: {fy: range}, bounds: lower_inclusive, unit: money, reference: t, rows: [["..", 1]]}';
/** A plain number as so many rupees: a demand must be money. */
const money = (formula: string) => `(${formula}) * coin(fy)`;

/** The demand, in paise, of one head with the formula. */
async function demand(
  formula: string,
  parts: MinimalTariff = {},
  given?: Given,
): Promise<string | undefined> {
  const outcome = await assess(
    {
      heads: [head('tax', money(formula), 'round: {to: 0.01, mode: half_up}')],
      ...parts,
      tables: [COIN, ...(parts.tables ?? [])],
    },
    given,
  );
  expect(outcome.missing).toBeNull();
  return outcome.head_paise?.[0];
}

const area = '{area: {number: true}}';

describe('Numbers', () => {
  it.each([
    ['1/4 is a quarter', '1 / 4', '25'],
    ['0.7 of two thirds is not 0', '0.7 * (2 / 3)', '47'],
    ['a third times three is one to the paisa', '100 * (1 / 3) * 3', '10000'],
    ['a constant divisor is exact', '12345678901.23 / 100', '12345678901'],
    ['a negative part is kept', '10 - -3.5', '1350'],
    ['minus binds the whole', '- (2 - 5)', '300'],
    ['least and greatest compare', 'least(5, greatest(1, 3))', '300'],
    ['floor, ceil and abs', 'floor(2.7) + ceil(2.1) + abs(0 - 4)', '900'],
    ['a large quotient keeps its decimals', '(1000000000 * 9999 / 7) - 1428428571428', '57'],
  ])('are exact: %s', async (_, formula, paise) => {
    expect(await demand(`${formula} + 0 * sum(unit.area)`, { unit: area })).toBe(paise);
  });

  it.each<[mode: string, to: string, results: Record<string, string>]>([
    ['half_up', '1', { '0.5': '1', '1.5': '2', '2.5': '3', '2.49': '2' }],
    ['half_even', '1', { '0.5': '0', '1.5': '2', '2.5': '2', '3.5': '4', '2.51': '3' }],
    ['up', '1', { '0.01': '1', '2': '2', '2.01': '3' }],
    ['down', '1', { '0.99': '0', '2': '2', '2.99': '2' }],
    ['half_up', '10', { '4.99': '0', '5': '10', '14.9': '10' }],
    ['half_up', '0.05', { '0.07': '0.05', '0.075': '0.1', '0.12': '0.1' }],
    ['half_even', '0.5', { '0.25': '0', '0.75': '1', '1.25': '1' }],
    ['up', '5', { '0.01': '5', '10': '10' }],
    ['down', '0.1', { '0.19': '0.1' }],
  ])('are rounded %s to %s', async (mode, to, results) => {
    for (const [from, expected] of Object.entries(results)) {
      const parts = {
        unit: area,
        tables: [COIN],
        heads: [head('tax', money('sum(unit.area)'), `round: {to: ${to}, mode: ${mode}}`)],
      };
      const outcome = await assess(parts, { units: [{ area: from }] });
      expect([from, Number(outcome.head_paise?.[0]) / 100]).toEqual([from, Number(expected)]);
    }
  });
});

describe('Aggregates', () => {
  const over = (formula: string, units: Record<string, string>[]) =>
    demand(
      formula,
      { unit: '{area: {number: true}, use: {code: [home, shop]}}', withoutUnits: 'assess' },
      { units },
    );
  const some = [
    { area: '4', use: 'home' },
    { area: '6', use: 'home' },
    { area: '9', use: 'shop' },
  ];

  it.each([
    ['sum', 'sum(unit.area)', '1900', '0'],
    ['count', 'count(unit)', '300', '0'],
    ['count of some', "count(unit) filter (where unit.use = 'shop')", '100', '0'],
    ['min', 'min(unit.area)', '400', '0'],
    ['max of some', "max(unit.area) filter (where unit.use = 'home')", '600', '0'],
    ['bool_or', "case when bool_or(unit.use = 'shop') then 1 else 0 end", '100', '0'],
    ['bool_and', "case when bool_and(unit.use = 'shop') then 1 else 0 end", '0', '0'],
  ])('%s: of nothing they are 0 or false', async (_, formula, full, empty) => {
    const used = `${formula} + 0 * sum(unit.area) + case when bool_or(unit.use = 'home') then 0 else 0 end`;
    expect(await over(used, some)).toBe(full);
    expect(await over(used, [])).toBe(empty);
  });

  it('add up owners by their class and share', async () => {
    const parts = { owner: '{share: {fraction: true}, class: {code: [none, senior]}}', unit: '{}' };
    const formula = "100 * (1 - sum(owner.share) filter (where owner.class = 'senior'))";
    const owners = [
      { share: '0.25', class: 'senior' },
      { share: '0.75', class: 'none' },
    ];
    expect(await demand(formula, parts, { owners })).toBe('7500');
  });
});

describe('Tables', () => {
  const slab = (kind: string, bounds: string) =>
    `slab: {key: {area: range}, bounds: ${bounds}, kind: ${kind}, reference: t, ` +
    'rows: [["..6000", 0], ["6000..50000", 0.09], ["50000..", 0.10]]}';
  const value = async (table: string, formula: string, amount: string) => {
    const parts = {
      unit: '{area: {number: true, min: 0}}',
      tables: [table],
      unitSteps: [step('tax', formula)],
    };
    return demand('sum(unit.tax)', parts, { units: [{ area: amount }] });
  };

  it.each([
    ['upper_inclusive', '6000', '0'],
    ['upper_inclusive', '6000.01', '54000'],
    ['upper_inclusive', '50000', '450000'],
    ['lower_inclusive', '6000', '54000'],
    ['lower_inclusive', '5999.99', '0'],
    ['lower_inclusive', '50000', '500000'],
  ])('of whole slabs, %s, answer %s', async (bounds, amount, paise) => {
    expect(await value(slab('whole', bounds), 'area * slab(area)', amount)).toBe(paise);
  });

  it.each([
    ['6000', '0'],
    ['60000', '496000'],
    ['0', '0'],
  ])('of marginal slabs tax each part at its rate: %s', async (amount, paise) => {
    expect(await value(slab('marginal', 'upper_inclusive'), 'slab(area)', amount)).toBe(paise);
  });

  it('may give codes, be keyed on them, and on a step', async () => {
    const parts: MinimalTariff = {
      unit: '{use: {code: [a1, a2, b1]}}',
      tables: [
        'class_of: {key: {use: exact}, gives: {code: [a, b]}, reference: t, rows: [[[a1, a2], a], [b1, b]]}',
        'rate: {key: {class: exact}, reference: t, rows: [[a, 3], [b, 5]]}',
      ],
      unitSteps: [step('class', 'class_of(use)')],
    };
    const formula = "sum(rate(unit.class)) + count(unit) filter (where unit.class = 'a') * 100";
    expect(await demand(formula, parts, { units: [{ use: 'a2' }, { use: 'b1' }, { use: 'a1' }] })).toBe(
      '21100',
    );
  });

  it('may key on several names, with lists and wildcards', async () => {
    const parts: MinimalTariff = {
      property: '{zone: {code: [A, B, C]}}',
      unit: '{use: {code: [home, shop]}, year_built: {year: true}}',
      tables: [
        'rate: {key: {zone: exact, use: exact, year_built: range}, bounds: lower_inclusive, reference: t, ' +
          'rows: [["*", shop, "..", 9], [[A, B], home, "..2000", 1], [[A, B], home, "2000..", 2], [C, home, "..", 4]]}',
      ],
    };
    const answer = (zone: string, use: string, year_built: string) =>
      demand('sum(rate(zone, unit.use, unit.year_built))', parts, {
        property: { zone },
        units: [{ use, year_built }],
      });
    expect(await answer('A', 'shop', '1990')).toBe('900');
    expect(await answer('B', 'home', '1999')).toBe('100');
    expect(await answer('B', 'home', '2000')).toBe('200');
    expect(await answer('C', 'home', '1700')).toBe('400');
  });
});

describe('Inputs', () => {
  const kinds: MinimalTariff = {
    property:
      '{corner: {boolean: true}, height: {number: true, min: 0, max: 50}, lift: {boolean: true, default: false}}',
    unit:
      '{area: {area: true}, use: {code: [home, shop]}, year_built: {year: true}, ' +
      'cellar: {number: true, optional: true}}',
    tables: [COIN],
    heads: [
      head(
        'tax',
        money(
          'count(unit) + 0 * height + case when corner or lift then 0 else 0 end + ' +
            'sum(coalesce(unit.cellar, 0)) + 0 * count(unit.year_built) + ' +
            "case when bool_or(unit.use = 'home' and unit.area > 0) then 0 else 0 end",
        ),
      ),
    ],
  };
  const whole = { corner: 'true', height: '3.5' };
  const unit = { area: '10', use: 'home', year_built: '2001' };

  it.each<[string, Given, string[] | null]>([
    ['all known', { property: whole, units: [unit] }, null],
    ['an optional one known too', { property: whole, units: [{ ...unit, cellar: '2.5' }] }, null],
    ['no unit', { property: whole }, ['no_units']],
    ['a fact missing', { property: { height: '3' }, units: [unit] }, ['corner']],
    ['a fact malformed', { property: { ...whole, height: 'tall' }, units: [unit] }, ['height=tall']],
    ['a fact out of its domain', { property: { ...whole, height: '50.1' }, units: [unit] }, ['height=50.1']],
    [
      'a fact that is a huge number',
      { property: { ...whole, height: '9'.repeat(50) }, units: [unit] },
      [`height=${'9'.repeat(50)}`],
    ],
    ['a boolean that is none', { property: { ...whole, corner: 'maybe' }, units: [unit] }, ['corner=maybe']],
    [
      'a default does not hide a malformed fact',
      { property: { ...whole, lift: 'si' }, units: [unit] },
      ['lift=si'],
    ],
    ['an optional fact malformed', { property: whole, units: [{ ...unit, cellar: 'x' }] }, ['unit.cellar=x']],
    [
      'a code outside the list',
      { property: whole, units: [{ ...unit, use: "o'ffice" }] },
      ["unit.use=o'ffice"],
    ],
    ['not a number at all', { property: whole, units: [{ ...unit, area: 'NaN' }] }, ['unit.area=NaN']],
    [
      'the same gap in two units named once',
      { property: whole, units: [{ use: 'home', year_built: '1' }, { use: 'home' }] },
      ['unit.area', 'unit.year_built', 'unit.year_built=1'],
    ],
    ['everything', { units: [{}] }, ['corner', 'height', 'unit.area', 'unit.use', 'unit.year_built']],
  ])('with %s', async (_, given, missing) => {
    const outcome = await assess(kinds, given);
    expect(outcome.missing).toEqual(missing);
    expect(outcome.head_paise === null).toBe(missing !== null);
    expect(outcome.exempt).toBe(false);
  });

  it("are converted exactly between stored square metres and the tariff's unit", async () => {
    const parts = {
      unit: '{area: {area: true}}',
      tables: [
        'price: {key: {fy: range}, bounds: lower_inclusive, unit: money/area, reference: t, rows: [["..", 1]]}',
      ],
    };
    const heads = [head('tax', 'sum(unit.area) * price(fy)', 'round: {to: 0.01, mode: half_up}')];
    const of = async (units: string, size: string) =>
      (await assess({ ...parts, units, heads }, { units: [{ area: size }] })).head_paise?.[0];
    expect(await of('{currency: INR, area: ft2}', '1000')).toBe('100000');
    expect(await of('{currency: INR, area: yd2}', '250')).toBe('25000');
    expect(await of('{currency: INR, area: yd2, m2_per_area: 0.836127}', '250')).toBe('25000');
    expect(await of('{currency: INR, area: m2}', '91.02')).toBe('9102');
  });

  it('may be needed only under a condition on others', async () => {
    const parts: MinimalTariff = {
      unit:
        '{use: {code: [home, land]}, structure: ' +
        '{code: [pucca, none], optional: true, needed_when: "use <> \'land\'"}}',
      tables: [COIN],
      heads: [
        head(
          'tax',
          money("count(unit) filter (where coalesce(unit.structure, 'none') = 'none' and unit.use = 'land')"),
        ),
      ],
    };
    expect((await assess(parts, { units: [{ use: 'land' }] })).head_paise).toEqual(['100']);
    expect((await assess(parts, { units: [{ use: 'home' }] })).missing).toEqual(['unit.structure']);
    expect((await assess(parts, { units: [{ use: 'home', structure: 'pucca' }] })).head_paise).toEqual(['0']);
  });
});

describe('Steps', () => {
  it('with a domain send a value outside it to the exceptions', async () => {
    const parts: MinimalTariff = {
      unit: area,
      tables: [COIN],
      unitSteps: [step('value', 'area - 5', 'domain: {min: 0, max: 100}')],
      heads: [head('tax', money('sum(unit.value)'))],
    };
    expect((await assess(parts, { units: [{ area: '7' }, { area: '6' }] })).head_paise).toEqual(['300']);
    expect((await assess(parts, { units: [{ area: '7' }, { area: '4' }] })).missing).toEqual(['unit.value']);
  });

  it('that would demand less than nothing make an exception, not a credit', async () => {
    const parts = { unit: area, tables: [COIN], heads: [head('tax', money('sum(unit.area)'))] };
    expect(await assess(parts, { units: [{ area: '-1' }] })).toMatchObject({
      missing: ['tax'],
      head_paise: null,
    });
  });

  it('may ask for the year and its days', async () => {
    const parts = {
      unit: '{year_built: {year: true}}',
      tables: [COIN],
      heads: [
        head(
          'tax',
          money(
            'case when max(fy - unit.year_built) > 20 and date_in_fy(1, 31) > fy_start + 300 then 2 else 1 end',
          ),
        ),
      ],
    };
    expect((await assess(parts, { fy: '2021-22', units: [{ year_built: '2000' }] })).head_paise).toEqual([
      '200',
    ]);
    expect((await assess(parts, { fy: '2020-21', units: [{ year_built: '2000' }] })).head_paise).toEqual([
      '100',
    ]);
  });
});

describe('Exemptions', () => {
  const parts: MinimalTariff = {
    unit: area,
    tables: [COIN],
    exemptions: [
      exemption('small', 'sum(unit.area) <= 10'),
      exemption('half', 'sum(unit.area) <= 20', 'on: [tax]'),
    ],
    heads: [head('tax', money('sum(unit.area)')), head('cess', '5 + 0.1 * tax')],
  };

  it('free some heads or all; a later head sees the freed amount', async () => {
    expect(await assess(parts, { units: [{ area: '10' }] })).toMatchObject({
      exempt: true,
      head_paise: ['0', '0'],
    });
    expect(await assess(parts, { units: [{ area: '20' }] })).toMatchObject({
      exempt: false,
      head_paise: ['0', '500'],
    });
    expect(await assess(parts, { units: [{ area: '30' }] })).toMatchObject({
      exempt: false,
      head_paise: ['3000', '800'],
    });
  });
});

describe('Instalments', () => {
  const quarters = [1, 2, 3, 4].map((n) => `{n: ${n}, due: 0${n}-28, share: "0.25"}`);
  const of = async (amount: string, rounding: string) => {
    const parts = {
      unit: area,
      tables: [COIN],
      heads: [head('tax', money('sum(unit.area)'))],
      instalments: quarters,
      instalmentRounding: rounding,
    };
    return (await assess(parts, { units: [{ area: amount }] })).amounts_paise;
  };

  it.each([
    ['1008', '{to: 1, mode: down, remainder: last}', ['25200', '25200', '25200', '25200']],
    ['2884', '{to: 1, mode: down, remainder: last}', ['72100', '72100', '72100', '72100']],
    ['7', '{to: 1, mode: down, remainder: last}', ['100', '100', '100', '400']],
    ['7', '{to: 1, mode: down, remainder: first}', ['400', '100', '100', '100']],
    ['7', '{to: 0.01, mode: down, remainder: last}', ['175', '175', '175', '175']],
    ['2', '{to: 1, mode: half_up, remainder: last}', ['100', '100', '0', '0']],
    ['1', '{to: 1, mode: up, remainder: last}', ['100', '0', '0', '0']],
    ['0', '{to: 1, mode: half_up, remainder: last}', ['0', '0', '0', '0']],
  ])('of %s, %s, are never negative and sum to the head', async (amount, rounding, expected) => {
    const parts = await of(amount, rounding);
    expect(parts).toEqual(expected);
    expect(parts!.reduce((sum, part) => sum + BigInt(part), 0n)).toBe(BigInt(amount) * 100n);
  });
});
