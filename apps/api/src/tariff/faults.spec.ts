import { describe, expect, it } from '@jest/globals';
import { describeFault } from './compile.js';
import { exemption, faultsOf, head, step, type MinimalTariff } from './testing/minimal-tariff.js';

const zoned = '{zone: {code: [A, B]}}';
const aged = '{area: {area: true}, year_built: {year: true}}';
const byAge = [head('tax', 'sum(unit.area * price(unit.year_built))')];
const age = (rows: string, more = 'bounds: lower_inclusive, reference: t') =>
  `price: {key: {year_built: range}, unit: money/area, ${more}, rows: ${rows}}`;
const zone = (rows: string, more = 'reference: t') =>
  `price: {key: {zone: exact}, unit: money/area, ${more}, rows: ${rows}}`;
const byZone = [head('tax', 'sum(unit.area) * price(zone)')];
const two = (shareOne: string, shareTwo: string) => [
  `{n: 1, due: 09-30, share: "${shareOne}"}`,
  `{n: 2, due: 03-31, share: "${shareTwo}"}`,
];

const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => `["${i}..${i + 1}", ${i}]`).join(', ');

/** Each kind of fault: what is wrong, its kind and the value that it must name. */
const faulty: [what: string, parts: MinimalTariff, kind: string, value: string][] = [
  [
    'a table without a reference',
    { property: zoned, tables: [zone('[["*", 1]]', 'note: n')], heads: byZone },
    'missing_reference',
    'price',
  ],
  [
    'a missing code of an exact key',
    { property: zoned, tables: [zone('[[A, 1]]')], heads: byZone },
    'gap',
    'zone = B',
  ],
  [
    'two rows for one code',
    { property: zoned, tables: [zone('[["*", 1], [B, 2]]')], heads: byZone },
    'overlap',
    'zone = B',
  ],
  [
    'a row for a code that is not declared',
    { property: zoned, tables: [zone('[[A, 1], [C, 2]]')], heads: byZone },
    'unknown_code',
    'C',
  ],
  [
    'a gap between ranges',
    { unit: aged, tables: [age('[["..1960", 1], ["1970..", 2]]')], heads: byAge },
    'gap',
    'year_built = 1960..1970',
  ],
  [
    'overlapping ranges',
    { unit: aged, tables: [age('[["..1970", 1], ["1960..", 2]]')], heads: byAge },
    'overlap',
    'year_built = 1960..1970',
  ],
  [
    'a range table that ends too early',
    { unit: aged, tables: [age('[["..2000", 1]]')], heads: byAge },
    'gap',
    'year_built = 2000..',
  ],
  [
    'a range that ends before it begins',
    { unit: aged, tables: [age('[["1970..1960", 1], ["..", 1]]')], heads: byAge },
    'value',
    '1970..1960',
  ],
  [
    'something that is no range',
    { unit: aged, tables: [age('[["old", 1], ["..", 1]]')], heads: byAge },
    'value',
    'old',
  ],
  [
    'ranges without bounds',
    { unit: aged, tables: [age('[["..", 1]]', 'reference: t')], heads: byAge },
    'value',
    'bounds',
  ],
  [
    'a row of too few cells',
    {
      property: zoned,
      tables: [
        'price: {key: {zone: exact, fy: range}, bounds: lower_inclusive, reference: t, rows: [[A, 1]]}',
      ],
      heads: byZone,
    },
    'value',
    'A, 1',
  ],
  [
    'a rate that is no number',
    { property: zoned, tables: [zone('[[A, 1], [B, two]]')], heads: byZone },
    'value',
    'two',
  ],
  [
    'a unit of a table that does not exist',
    {
      property: zoned,
      tables: ['price: {key: {zone: exact}, unit: rupees, reference: t, rows: [["*", 1]]}'],
      heads: byZone,
    },
    'value',
    'rupees',
  ],
  [
    'a key that is not declared',
    { tables: ['price: {key: {colony: exact}, reference: t, rows: [["*", 1]]}'] },
    'unknown_name',
    'colony',
  ],
  [
    'a marginal table without a smallest value',
    {
      property: '{x: {number: true}}',
      tables: [
        'price: {key: {fy: range, x: range}, kind: marginal, bounds: lower_inclusive, ' +
          'reference: t, rows: [["..", "..", 1]]}',
      ],
    },
    'value',
    'marginal',
  ],
  ['an unused input', { property: zoned }, 'unused', 'zone'],
  ['an unused step', { propertySteps: [step('idle', '1')] }, 'unused', 'idle'],
  [
    'an unused table',
    {
      property: zoned,
      tables: [zone('[["*", 1]]'), 'flat: {key: {zone: exact}, reference: t, rows: [["*", 1]]}'],
      heads: byZone,
    },
    'unused',
    'flat',
  ],
  [
    'a circle of steps',
    { propertySteps: [step('a', 'b + 1'), step('b', 'a + 1')], heads: [head('tax', 'a')] },
    'cycle',
    'a',
  ],
  [
    'a table keyed on a step that uses it',
    {
      unitSteps: [step('value', 'area * price(value)')],
      tables: ['price: {key: {value: range}, bounds: lower_inclusive, reference: t, rows: [["..", 1]]}'],
      heads: [head('tax', 'sum(unit.value)')],
    },
    'cycle',
    'value',
  ],
  [
    'two steps of one name',
    { propertySteps: [step('a', '1'), step('a', '2')], heads: [head('tax', 'a')] },
    'duplicate_key',
    'a',
  ],
  [
    'two heads of one name',
    { heads: [head('tax', 'sum(unit.area) * price(fy)'), head('tax', '1')] },
    'duplicate_key',
    'tax',
  ],
  [
    'a name of both levels in a unit formula',
    {
      property: '{area: {number: true}}',
      unitSteps: [step('value', 'area * 1')],
      heads: [head('tax', 'sum(unit.value * price(fy)) + area * 0')],
    },
    'ambiguous_name',
    'area',
  ],
  ['a head without rounding', { heads: [head('tax', 'sum(unit.area) * price(fy)', '')] }, 'value', 'tax'],
  [
    'a head rounded to parts of a paisa',
    { heads: [head('tax', 'sum(unit.area) * price(fy)', 'round: {to: 0.001, mode: down}')] },
    'value',
    '0.001',
  ],
  [
    'rounding to what decimals cannot hold',
    { heads: [head('tax', 'sum(unit.area) * price(fy)', 'round: {to: 3, mode: up}')] },
    'value',
    '3',
  ],
  [
    'rounding of a condition',
    {
      propertySteps: [step('big', 'sum(unit.area) > 5', 'round: {to: 1, mode: up}')],
      heads: [head('tax', 'case when big then 1 else 0 end')],
    },
    'type',
    '1',
  ],
  [
    'an exemption of no head',
    { exemptions: [exemption('small', 'sum(unit.area) < 5', 'on: [cess]')] },
    'unknown_name',
    'cess',
  ],
  [
    'an exemption that is no condition',
    { exemptions: [exemption('small', 'sum(unit.area)')] },
    'type',
    'sum(unit.area)',
  ],
  ['shares that do not sum to 1', { instalments: two('0.5', '0.4') }, 'shares', '0.9'],
  ['a share of nothing', { instalments: two('1', '0') }, 'shares', '0'],
  ['instalments that are not numbered', { instalments: ['{n: 2, due: 09-30, share: 1}'] }, 'value', '2'],
  ['a due day that not every year has', { instalments: ['{n: 1, due: 02-29, share: 1}'] }, 'value', '02-29'],
  [
    'an input of a type that its column has not',
    { property: '{zone: {number: true}}', heads: [head('tax', 'sum(unit.area) * price(fy) + zone')] },
    'type',
    'zone',
  ],
  [
    'a default beside optional',
    { property: '{corner: {boolean: true, optional: true, default: false}}' },
    'value',
    'false',
  ],
  ['a default that is no code', { property: '{zone: {code: [A], default: B}}' }, 'value', 'B'],
  [
    'a need of an input that is not optional',
    { property: '{zone: {code: [A], needed_when: "true"}}' },
    'value',
    'true',
  ],
  ['bounds outside the type', { unit: '{area: {area: true, min: -5}}' }, 'value', '-5..1000000000'],
  ['an input of two types', { unit: '{area: {area: true, money: true}}' }, 'value', '(block)'],
  ['an input named like SQL', { unit: '{"area; drop": {area: true}}' }, 'value', '(block)'],
  ['years that end before they begin', { appliesTo: '{from: 2020-21, to: 2019-20}' }, 'value', '2019'],
  ['a year that is none', { appliesTo: '{from: 2020-22}' }, 'value', '2020-22'],
  [
    'a key of the file that is not known',
    { units: '{currency: INR, area: m2, colour: red}' },
    'unknown_key',
    'colour',
  ],
  [
    'a case of an undeclared input',
    { cases: ['{name: c, kind: computed, given: {property: {roof: tin}}, expect: {tax: 1}}'] },
    'unknown_name',
    'roof',
  ],
  [
    'a case that expects what is not reckoned',
    { cases: ['{name: c, kind: computed, given: {}, expect: {cess: 1}}'] },
    'unknown_name',
    'cess',
  ],
  [
    'a published case without a source',
    { cases: ['{name: c, kind: published, given: {}, expect: {tax: 1}}'] },
    'missing_reference',
    'c',
  ],
  [
    'look-ups in look-ups without bound',
    {
      property: '{x: {number: true, min: 0}}',
      tables: [
        `t: {key: {x: range}, bounds: lower_inclusive, reference: t, rows: [["..0", 1], ${rows(300)}, ["300..", 1]]}`,
      ],
      heads: [head('tax', 't(t(t(t(x))))')],
    },
    'too_large',
    '3754766 characters',
  ],
  ['a name that SQL reads as its own word', { property: '{full: {area: true}}' }, 'value', 'full'],
  [
    'a table named so',
    { tables: ['case: {key: {fy: range}, reference: t, rows: [["..", 1]]}'] },
    'value',
    'case',
  ],
  ['a unit of a condition', { property: '{corner: {boolean: true, unit: money}}' }, 'value', 'money'],
  ['bounds of a code', { property: '{zone: {code: [A], min: 1}}' }, 'value', '1'],
  [
    'a date as a number of its column',
    { unit: '{area: {area: true}, year_built: {date: true}}' },
    'type',
    'year_built',
  ],
  [
    'a date as a key of ranges',
    {
      property: '{built: {date: true}}',
      tables: ['price: {key: {built: range}, bounds: lower_inclusive, reference: t, rows: [["..", 1]]}'],
    },
    'type',
    'built',
  ],
  [
    'a case that remembers what is not carried',
    { cases: ['{name: c, kind: computed, given: {previous: {units: [{rate: 1}]}}, expect: {tax: 1}}'] },
    'unknown_name',
    'rate',
  ],
  [
    'a case of a year outside the tariff',
    { cases: ['{name: c, kind: computed, given: {fy: 2019-20}, expect: {tax: 1}}'] },
    'value',
    '2019',
  ],
];

describe('A tariff file', () => {
  it.each(faulty)('is refused with %s', async (_, parts, kind, value) => {
    const faults = await faultsOf(parts);
    const fault = faults.find((candidate) => candidate.kind === kind && candidate.value === value);
    expect(faults.map(describeFault).join('\n')).toContain(`${kind} "${value}"`);
    expect(fault!.file).toBe('test.yaml');
    expect(fault!.line).toBeGreaterThan(1);
    expect(fault!.remedy).not.toBe('');
  });
});
