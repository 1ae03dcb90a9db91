import { describe, expect, it } from '@jest/globals';
import { compileMinimal, faultsOf, head } from '../testing/minimal-tariff.js';
import { LONGEST_FORMULA } from './formula.js';

const declared = {
  property:
    '{land_area: {area: true}, zone: {code: [A, B]}, corner: {boolean: true}, rent: {money: true, optional: true}}',
  unit: '{area: {area: true}, use: {code: [home, shop]}, capital_value: {money: true}}',
  owner: '{share: {fraction: true}, class: {code: [none, senior]}}',
  tables: ['rate: {key: {zone: exact}, unit: money/area, reference: t, rows: [["*", 2]]}'],
};
const everything = 'sum(unit.capital_value) + count(unit) * 0 + coalesce(rent, 0) + land_area * rate(zone)';
const uses = `${everything} + case when corner and bool_or(unit.use = 'home') and bool_or(owner.class = 'none')
  and max(owner.share) > 0 and sum(unit.area) > 0 then 1 else 0 end`;

async function firstFault(formula: string) {
  const faults = await faultsOf({ ...declared, heads: [head('used', uses), head('tax', formula)] });
  return faults.find((fault) => fault.kind !== 'unused');
}

/** The part put into itself, from the inmost outwards. */
function nested(around: (inner: string) => string, times: number, inmost = '1'): string {
  return Array.from({ length: times }).reduce<string>((inner) => around(inner), inmost);
}

/** Everything here parses as PostgreSQL, or tries to hide in something that does. */
const refused: [what: string, formula: string, kind: string, value?: string][] = [
  ['an undeclared function', 'pg_sleep(10)', 'formula_not_allowed', 'pg_sleep'],
  ['a function that reads files', "pg_read_file('/etc/passwd')", 'formula_not_allowed', 'pg_read_file'],
  [
    'a rounding that hides in the formula',
    'round(sum(unit.capital_value), 0)',
    'formula_not_allowed',
    'round',
  ],
  [
    'a schema-qualified function',
    'pg_catalog.sum(unit.capital_value)',
    'formula_not_allowed',
    'pg_catalog.sum',
  ],
  ['a schema-qualified operator', 'sum(unit.capital_value) operator(pg_catalog.+) 1', 'formula_not_allowed'],
  ['a schema-qualified column', 'public.units.area', 'formula_not_allowed'],
  ['a column of a catalogue', 'pg_shadow.passwd', 'formula_not_allowed', 'pg_shadow.passwd'],
  ['a subquery', '(select 1)', 'formula_not_allowed'],
  ['EXISTS', 'case when exists (select 1) then 1 else 0 end', 'formula_not_allowed'],
  ['IN with a subquery', "case when zone in (select 'A') then 1 else 0 end", 'formula_not_allowed'],
  ['a cast', 'sum(unit.capital_value)::int', 'formula_not_allowed'],
  ['a cast in words', 'cast(land_area as money)', 'formula_not_allowed'],
  ['a typed constant', "date '2020-01-01'", 'formula_not_allowed'],
  ['a window', 'sum(unit.capital_value) over ()', 'formula_not_allowed'],
  ['DISTINCT in an aggregate', 'sum(distinct unit.capital_value)', 'formula_not_allowed'],
  ['ORDER BY in an aggregate', 'sum(unit.capital_value order by unit.area)', 'formula_not_allowed'],
  ['WITHIN GROUP', 'percentile_cont(0.5) within group (order by unit.area)', 'formula_not_allowed'],
  ['count(*)', 'count(*)', 'formula_not_allowed'],
  ['FILTER on a plain function', 'floor(land_area) filter (where corner)', 'formula_not_allowed'],
  ['VARIADIC', 'floor(variadic array[1])', 'formula_not_allowed'],
  ['a named argument', 'floor(x => 1)', 'formula_not_allowed'],
  ['a set-returning call', 'generate_series(1, 1000000000)', 'formula_not_allowed'],
  ['an array', 'array[1, 2]', 'formula_not_allowed'],
  ['a subscript', 'land_area[1]', 'formula_not_allowed'],
  ['a row', '(1, 2)', 'formula_not_allowed'],
  ['a star', 'unit.*', 'formula_not_allowed'],
  ['a parameter', '$1', 'formula_not_allowed'],
  ['the clock', 'current_date', 'formula_not_allowed'],
  ['the session user', 'session_user', 'formula_not_allowed'],
  ['a field of the clock', 'extract(year from current_date)', 'formula_not_allowed'],
  ['LIKE', "case when zone like 'A%' then 1 else 0 end", 'formula_not_allowed'],
  ['a regular expression', "case when zone ~ 'A' then 1 else 0 end", 'formula_not_allowed'],
  ['power', 'land_area ^ 9', 'formula_not_allowed', '^'],
  ['modulo', 'count(unit) % 2', 'formula_not_allowed', '%'],
  ['concatenation', "zone || 'x'", 'formula_not_allowed', '||'],
  ['IS DISTINCT FROM', 'case when zone is distinct from zone then 1 else 0 end', 'formula_not_allowed'],
  ['nullif', 'nullif(land_area, 0)', 'formula_not_allowed'],
  ['NULL itself', 'null', 'formula_not_allowed'],
  ['IS TRUE', 'case when corner is true then 1 else 0 end', 'formula_not_allowed'],
  ['ANY', "case when zone = any(array['A']) then 1 else 0 end", 'formula_not_allowed'],
  ['AT TIME ZONE', "land_area at time zone 'UTC'", 'formula_not_allowed'],
  ['COLLATE', 'zone collate "C"', 'formula_not_allowed'],
  ['a second statement', '1; drop table units', 'formula_not_allowed'],
  ['a FROM', '1 from pg_shadow', 'formula_not_allowed'],
  ['a WHERE', '1 where true', 'formula_not_allowed'],
  ['a UNION', '1 union select 2', 'formula_not_allowed'],
  ['an INTO', '1 into x', 'formula_not_allowed'],
  ['a LIMIT', '1 limit 1', 'formula_not_allowed'],
  ['a DISTINCT', 'distinct 1', 'formula_not_allowed'],
  ['an alias', '1 as x', 'formula_not_allowed'],
  ['two values', '1, 2', 'formula_not_allowed', '1, 2'],
  ['an empty formula', ' ', 'formula_not_allowed'],
  ['half a formula', '1 +', 'formula_not_allowed'],
  ['a comment that swallows the rest', '1 --2', 'formula_not_allowed'],
  ['a comment in the middle', '1 /* x */ + 2', 'formula_not_allowed'],
  ['an unclosed text', "'a", 'formula_not_allowed'],
  ['a zero byte', '1 \u0000 + 2', 'formula_not_allowed'],
  ['nesting 10,000 deep', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`, 'too_large'],
  ['nesting below the length limit', `${'floor('.repeat(300)}1${')'.repeat(300)}`, 'too_large'],
  ['a chain of 1,900 signs', `${'- '.repeat(1900)}count(unit)`, 'too_large'],
  ['a formula longer than the limit', `1${' + 1'.repeat(LONGEST_FORMULA)}`, 'too_large'],
  ['a huge constant', '9'.repeat(400), 'too_large'],
  ['a constant in exponent form', '1e1000', 'too_large', '1e1000'],
  ['a text that is no declared code', "case when zone = 'Z' then 1 else 0 end", 'unknown_code', 'Z'],
  [
    'a text in a list that is no declared code',
    "case when zone in ('A', 'Z') then 1 else 0 end",
    'unknown_code',
    'Z',
  ],
  ['a text where no code stands', "case when land_area = 'A' then 1 else 0 end", 'type', 'A'],
  ['a text alone', "'A'", 'formula_not_allowed', 'A'],
  ['two texts', "case when 'A' = 'A' then 1 else 0 end", 'type'],
  ['a text with a quote', "case when zone = 'A'' or true' then 1 else 0 end", 'unknown_code'],
  ['CASE x WHEN', "case zone when 'A' then 1 else 0 end", 'formula_not_allowed'],
  ['a cast to regclass', "'units'::regclass", 'formula_not_allowed'],
  ['a cast to regclass in words', "cast('pg_shadow' as regclass)", 'formula_not_allowed'],
  ['a typed constant of regclass', "regclass 'units'", 'formula_not_allowed'],
  ['a cast inside a call', 'floor(land_area::float8)', 'formula_not_allowed'],
  ['a cast of a number', "1::text || ''", 'formula_not_allowed'],
  ['a function that casts', "to_regclass('units')", 'formula_not_allowed', 'to_regclass'],
  ['a quoted function', '"pg_sleep"(10)', 'formula_not_allowed', 'pg_sleep'],
  ['a function in capitals', 'PG_SLEEP(10)', 'formula_not_allowed', 'pg_sleep'],
  ['a function of the session', "current_setting('jarib.ulb_id')", 'formula_not_allowed', 'current_setting'],
  ['a function that sets', "set_config('jarib.ulb_id', '2', true)", 'formula_not_allowed', 'set_config'],
  ['a function that runs SQL', "query_to_xml('select 1', true, true, '')", 'formula_not_allowed'],
  ['a function that writes', "lo_import('/etc/passwd')", 'formula_not_allowed', 'lo_import'],
  ['a sequence', "nextval('s')", 'formula_not_allowed', 'nextval'],
  ['chance', 'random()', 'formula_not_allowed', 'random'],
  ['an array that is unrolled', 'unnest(array[1, 2])', 'formula_not_allowed', 'unnest'],
  ['JSON that is unrolled', "json_array_elements('[1]')", 'formula_not_allowed'],
  ['a ranking window', 'row_number() over (order by land_area)', 'formula_not_allowed'],
  ['a look at another row', 'lag(land_area) over w', 'formula_not_allowed'],
  ['an aggregate of texts', "string_agg(unit.use, ',')", 'formula_not_allowed', 'string_agg'],
  ['a subquery in an aggregate', 'sum((select max(area_m2) from units))', 'type'],
  ['a subquery in CASE', 'case when corner then (select 1) else 0 end', 'formula_not_allowed'],
  ['ALL with a subquery', 'case when 1 > all (select 1) then 1 else 0 end', 'formula_not_allowed'],
  ['ARRAY of a subquery', 'array(select 1)', 'formula_not_allowed'],
  ['GROUPING', 'grouping(land_area)', 'formula_not_allowed'],
  ['XML', 'xmlelement(name a)', 'formula_not_allowed'],
  ['a bit operator', '1 # 2', 'formula_not_allowed', '#'],
  ['a JSON operator', "land_area -> 'x'", 'formula_not_allowed', '->'],
  ['a square root', '|/ land_area', 'formula_not_allowed'],
  ['a plus before a number', '+ land_area', 'formula_not_allowed'],
  ['a dollar-quoted text', '$$A$$', 'formula_not_allowed'],
  ['an escaped text', "E'\\x27 or true'", 'formula_not_allowed'],
  ['a text of code points', "U&'\\0041'", 'formula_not_allowed'],
  ['bits', "B'101'", 'formula_not_allowed'],
  [
    'a text that closes itself',
    "case when zone = ''; drop table units; --' then 1 else 0 end",
    'formula_not_allowed',
  ],
  ['a quote from the neighbouring letters', 'case when zone = ’A’ then 1 else 0 end', 'unknown_name'],
  ['a name of system columns', 'ctid', 'unknown_name', 'ctid'],
  ['a name of the compiled SQL', 'p__miss', 'unknown_name', 'p__miss'],
  ['a name with a quote', '"land_area\'"', 'unknown_name'],
  ['a remembered value that is not carried', 'previous(land_area)', 'unknown_name', 'previous(land_area)'],
  ['a remembered expression', 'previous(previous(land_area))', 'type'],
  ['a day that is reckoned', 'case when date_in_fy(fy, 1) = fy_start then 1 else 0 end', 'type'],
  ['days between numbers', 'days(1, 2)', 'type', '1'],
  ['months from one day', 'months_started(fy_start)', 'type', 'months_started'],
  ['nested conditions', nested((inner) => `case when ${inner} > 0 then 1 else 0 end`, 18), 'too_large'],
  ['nested denials', nested((inner) => `not (corner = (${inner}))`, 20, 'corner'), 'too_large'],
  [
    'dates in dates',
    nested((inner) => `months_started(case when ${inner} > 1 then fy_end else as_of end, fy_end)`, 10),
    'too_large',
  ],
  ['a list of thousands', `case when land_area in (${'1, '.repeat(1400)}1) then 1 else 0 end`, 'too_large'],
];

/** Far more than any takes alone: the machine may be busy. */
const LONGEST_CHECK_MS = 5_000;

describe('A formula', () => {
  it('may use everything that the language allows', async () => {
    const result = await compileMinimal({ ...declared, heads: [head('used', uses)] });
    expect(result).toMatchObject({ ok: true });
  });

  it.each(refused)('is refused with %s', async (_, formula, kind, ...[value]) => {
    const began = performance.now();
    const fault = await firstFault(formula);
    expect(fault).toMatchObject({ file: 'test.yaml', kind });
    if (value !== undefined) expect(fault?.value).toBe(value);
    expect(fault!.line).toBeGreaterThan(20);
    expect(fault!.message).not.toBe('');
    expect(fault!.remedy).not.toBe('');
    expect(performance.now() - began).toBeLessThan(LONGEST_CHECK_MS);
  });

  it('points to the offending part in its line', async () => {
    const formula = 'sum(unit.capital_value) + pg_sleep(10)';
    const fault = await firstFault(formula);
    const line = (await import('../testing/minimal-tariff.js'))
      .minimalTariff({ ...declared, heads: [head('used', uses), head('tax', formula)] })
      .split('\n')[fault!.line - 1]!;
    expect(line.slice(fault!.column - 1)).toMatch(/^pg_sleep/);
  });
});

const wrong: [what: string, formula: string, kind: string, value?: string][] = [
  ['an unknown name', 'land_area * ratee', 'unknown_name', 'ratee'],
  ['a unit input without an aggregate', 'capital_value', 'unknown_name', 'capital_value'],
  ['a dotted unit input without an aggregate', 'unit.capital_value', 'unknown_name', 'unit.capital_value'],
  ['an unknown unit input', 'sum(unit.height)', 'unknown_name', 'unit.height'],
  ['a later head', 'later', 'unknown_name', 'later'],
  ['an aggregate of nothing in particular', 'sum(land_area)', 'type'],
  ['units and owners in one aggregate', 'sum(unit.capital_value * owner.share)', 'type'],
  ['an aggregate in an aggregate', 'sum(unit.capital_value * sum(unit.area))', 'formula_not_allowed', 'sum'],
  ['a sum of codes', 'sum(unit.use)', 'type'],
  ['a condition where a number is asked', 'land_area + corner', 'type', 'corner'],
  ['a number where a condition is asked', 'case when land_area then 1 else 0 end', 'type', 'land_area'],
  ['an order of codes', "case when zone < 'B' then 1 else 0 end", 'type'],
  ['branches of two types', 'case when corner then 1 else corner end', 'type'],
  ['codes of two lists', 'case when bool_or(unit.use = zone) then 1 else 0 end', 'type'],
  ['area plus money', 'land_area + sum(unit.capital_value)', 'unit'],
  ['area compared with money', 'case when land_area > sum(unit.capital_value) then 1 else 0 end', 'unit'],
  ['an area as a demand', 'land_area', 'unit', 'land_area'],
  ['money times money as a demand', 'sum(unit.capital_value) * sum(unit.capital_value)', 'unit'],
  ['a condition as a demand', 'corner', 'type'],
  ['a date as a demand', 'date_in_fy(6, 30)', 'type'],
  ['a day that not every year has', 'case when date_in_fy(2, 29) = fy_start then 1 else 0 end', 'type'],
  ['an optional input in a sum', 'rent + 1', 'null', 'rent'],
  ['an optional input in least', 'least(100, rent)', 'null', 'rent'],
  ['an optional input in a condition', 'case when rent > 5 then 1 else 0 end', 'null', 'rent'],
  ['an optional input behind the wrong test', 'case when rent is null then rent else 0 end', 'null', 'rent'],
  ['a test of what is always known', 'case when zone is null then 1 else 0 end', 'null', 'zone'],
  ['a coalesce of what is always known', 'coalesce(land_area, 0) * rate(zone)', 'null', 'land_area'],
  ['a CASE without ELSE', 'case when corner then 1 end', 'null'],
  ['a division by zero', 'sum(unit.capital_value) / 0', 'division_by_zero', '0'],
  [
    'a division by what can be zero',
    'sum(unit.capital_value) / count(unit)',
    'division_by_zero',
    'count(unit)',
  ],
  [
    'a guard of something else',
    'case when land_area > 0 then 1 / count(unit) else 0 end',
    'division_by_zero',
  ],
  [
    'a guard that lets zero pass',
    'case when count(unit) >= 0 then 1 / count(unit) else 0 end',
    'division_by_zero',
  ],
  [
    'a guard outside the aggregate',
    'case when land_area > 0 then sum(unit.capital_value / land_area) else 0 end',
    'division_by_zero',
  ],
  ['a wrong number of keys', 'land_area * rate(zone, zone)', 'type'],
  ['a number as a code key', 'land_area * rate(1)', 'type', '1'],
  ['a key text that is no code', "land_area * rate('Z')", 'unknown_code', 'Z'],
];

describe('The checks of names, types, units, NULL and division', () => {
  it.each(wrong)('report %s', async (_, formula, kind, ...[value]) => {
    const fault = await firstFault(formula);
    expect(fault).toMatchObject({ file: 'test.yaml', kind });
    if (value !== undefined) expect(fault?.value).toBe(value);
    expect(fault!.remedy).not.toBe('');
  });

  it.each([
    ['a guard by CASE', 'case when count(unit) > 0 then sum(unit.capital_value) / count(unit) else 0 end'],
    [
      'a guard that failed first',
      'case when count(unit) = 0 then 0 else sum(unit.capital_value) / count(unit) end',
    ],
    ['a guard joined by and', 'case when corner and 0 < count(unit) then 1 / count(unit) else 0 end'],
    ['a guard with not', 'case when not count(unit) = 0 then 1 / count(unit) else 0 end'],
    ['a divisor that cannot be zero', 'sum(unit.capital_value) / greatest(count(unit), 1)'],
    ['a branch that knows the optional input', 'case when rent is null then 0 else rent * 2 end'],
    ['a branch behind "is not null"', 'case when rent is not null and rent > 5 then rent else 0 end'],
    ['an earlier head', 'used * 0.08'],
  ])('allow %s', async (_, formula) => {
    expect(await firstFault(formula)).toBeUndefined();
  });
});
