import { caseRows, previousRows, type Place } from './check-cases.js';
import type { CompiledTariff } from './compile.js';
import type { TariffFault } from './file/fault.js';
import { isSettled, rupees, settle, type Explain, type Explanation } from './collection/case.js';
import { sumOf, type Settled } from './collection/settle.js';
import type { CollectionCase } from './file/collection-schema.js';
import type { AssessmentCase, CaseGiven } from './file/schema.js';
import { add, compare, decimal, formatDecimal, parseDecimal } from './language/decimal.js';
import type { CompiledCollection } from './rebates.js';

/** Runs one statement on whatever connection the caller has, with bound parameters; gives its rows. */
export type Query = (sql: string, parameters: unknown[]) => Promise<Record<string, unknown>[]>;

/** How a file's cases came out. Published ones are law's own figures, computed ones only our arithmetic. */
export interface CaseReport {
  published: { passed: number; failed: number };
  computed: { passed: number; failed: number };
  faults: TariffFault[];
}

/**
 * Stands in for the tables that a compiled statement reads: CTEs of the same names, filled from $7
 * (properties), $8 (units), $9 (owners) and $10 (last year's assessment, if any). So a case runs through the very
 * SQL that assesses the city.
 */
const SOURCES = `WITH properties AS (
  SELECT $1::int AS ulb_id, r.id, 'CASE' AS number, 'active' AS status, r.ward_number, r.zone_number, r.category,
    r.land_area_m2 * r.area_factor AS land_area_m2, r.facts
  FROM jsonb_to_recordset($7::jsonb) r(id uuid, ward_number text, zone_number text, category text,
    land_area_m2 numeric, area_factor numeric, facts jsonb)),
units AS (
  SELECT $1::int AS ulb_id, r.property_id, r.no AS unit_no, daterange(NULL, NULL) AS effective, r.floor, r.use,
    r.structure, r.occupancy, r.year_built, r.area_m2 * r.area_factor AS area_m2, r.capital_value, r.facts
  FROM jsonb_to_recordset($8::jsonb) r(property_id uuid, no smallint, floor text, use text, structure text,
    occupancy text, year_built smallint, area_m2 numeric, capital_value numeric, area_factor numeric, facts jsonb)),
owners AS (
  SELECT $1::int AS ulb_id, r.property_id, r.no AS owner_no, daterange(NULL, NULL) AS effective, r.share,
    r.class, r.facts
  FROM jsonb_to_recordset($9::jsonb) r(property_id uuid, no smallint, share numeric, class text, facts jsonb)),
assessments AS (
  SELECT $1::int AS ulb_id, r.property_id, r.fy, 1::smallint AS assessment_no, r.property_id AS run_id, r.steps
  FROM jsonb_to_recordset($10::jsonb) r(property_id uuid, fy smallint, steps json)),
assessment_runs AS (
  SELECT a.ulb_id, a.run_id AS id, make_date(a.fy, 4, 1)::timestamptz AS published_at FROM assessments a)`;

const CASE_PROPERTY = '00000000-0000-7000-8000-000000000001';

/**
 * Evaluates one case of an assessment file. Parameters from `caseParameters`; gives one row, values as text.
 */
export function caseSql(tariff: CompiledTariff): string {
  return `${SOURCES}
SELECT c.property_id, c.missing, c.exempt, c.head_paise::text[] AS head_paise, c.amounts_paise::text[] AS amounts_paise,
  (SELECT jsonb_object_agg(s.key, s.value) FROM json_each_text(c.steps -> 'property') s) AS steps
FROM (${tariff.chunkSelectSql}) c`;
}

/**
 * Explains one case of an assessment file; gives one row {explanation}. Takes all of `caseParameters`, although an
 * explanation reads two fewer: PostgreSQL refuses a parameter whose type nothing tells.
 */
export function caseExplainSql(tariff: CompiledTariff): string {
  return `${SOURCES}
SELECT e.explanation FROM (${tariff.explainSql}) e WHERE ($5::uuid, $6::text[]) IS NOT DISTINCT FROM ($5, $6)`;
}

/** Evaluates one case of a collection file; gives one row {explanation}. */
export function collectionCaseSql(collection: CompiledCollection): string {
  return `${SOURCES}\n${collection.explainSql}`;
}

export function caseParameters(tariff: CompiledTariff, given: CaseGiven): unknown[] {
  const fy = given.fy ?? tariff.appliesFromFy;
  const rows = caseRows(given, CASE_PROPERTY, tariff.program.file.units);
  const { properties, units, owners } = rows;
  const on = given.as_of ?? `${fy}-04-01`;
  const previous = previousRows(given, CASE_PROPERTY, fy - 1);
  return [1, fy, on, CASE_PROPERTY, CASE_PROPERTY, null, properties, units, owners, previous];
}

/** Runs the cases of an assessment file. */
export async function runCases(tariff: CompiledTariff, fileName: string, query: Query): Promise<CaseReport> {
  const sql = caseSql(tariff);
  return report(tariff.cases, tariff.casePlaces, fileName, async (one) => {
    const [row] = await query(sql, caseParameters(tariff, one.given));
    return judge(tariff, one, row);
  });
}

/**
 * Runs the cases of a collection file, through the assessment it was compiled with. One that names a year of another
 * assessment is left to that one: the same law may collect the tax of several files.
 */
export async function runCollectionCases(
  collection: CompiledCollection,
  tariff: CompiledTariff,
  fileName: string,
  query: Query,
): Promise<CaseReport> {
  const sql = collectionCaseSql(collection);
  const mine = collection.cases.flatMap((one, i) => {
    return isOfYears(one, tariff) ? [{ one, place: collection.casePlaces[i]! }] : [];
  });
  const places = mine.map(({ place }) => place);
  return report(
    mine.map(({ one }) => one),
    places,
    fileName,
    async (one) => {
      const explain: Explain = async (day, settled) => {
        const parameters = caseParameters(tariff, { ...one.given, as_of: undefined });
        parameters[4] = day;
        parameters[5] = settled;
        const [row] = await query(sql, parameters);
        return (row?.['explanation'] as Explanation | undefined) ?? null;
      };
      const { payment } = one.given;
      const all = payment?.in_full === 'true' ? tariff.instalments.map(({ n }) => n) : [];
      const explanation = await explain(payment?.on ?? null, payment ? all : null);
      const settled = isSettled(one) ? await settle(collection, tariff, one, { query, explain }) : null;
      return [...judgeCollection(one, explanation, settled), ...(settled ? judgeSettled(one, settled) : [])];
    },
  );
}

function isOfYears({ given }: CollectionCase, { appliesFromFy, appliesToFy }: CompiledTariff): boolean {
  const fy = given.fy ?? appliesFromFy;
  return fy >= appliesFromFy && fy <= (appliesToFy ?? fy);
}

async function report<T extends { name: string; kind: 'published' | 'computed' }>(
  cases: readonly T[],
  places: readonly Place[],
  file: string,
  run: (one: T) => Promise<string[]>,
): Promise<CaseReport> {
  const result: CaseReport = {
    published: { passed: 0, failed: 0 },
    computed: { passed: 0, failed: 0 },
    faults: [],
  };
  for (const [i, one] of cases.entries()) {
    const differences = await run(one);
    result[one.kind][differences.length === 0 ? 'passed' : 'failed'] += 1;
    if (differences.length === 0) continue;
    const message = `The ${one.kind} case gives other figures: ${differences.join('; ')}.`;
    const remedy = 'Correct the tariff, or the case if its source says otherwise.';
    result.faults.push({ file, ...places[i]!, value: one.name, kind: 'case_failed', message, remedy });
  }
  return result;
}

function differs(expected: string, actual: string | null): boolean {
  const [a, b] = [parseDecimal(expected), actual === null ? null : parseDecimal(actual)];
  return a && b ? compare(a, b) !== 0 : expected !== actual;
}

function judge(
  tariff: CompiledTariff,
  one: AssessmentCase,
  row: Record<string, unknown> | undefined,
): string[] {
  const found = (row ?? {}) as {
    missing?: string[] | null;
    exempt?: boolean;
    head_paise?: string[] | null;
    amounts_paise?: string[] | null;
    steps?: Record<string, string> | null;
  };
  return Object.entries(one.expect).flatMap(([name, expected]) => {
    const index = tariff.heads.findIndex((head) => head.name === name);
    if (Array.isArray(expected) && index >= 0) {
      const parts = tariff.instalments.length;
      const actual = (found.amounts_paise ?? []).slice(index * parts, (index + 1) * parts).map(rupees);
      const same = actual.length === expected.length && expected.every((one, i) => !differs(one, actual[i]!));
      return same
        ? []
        : [`${name} is [${actual.join(', ')}] by instalment, expected [${expected.join(', ')}]`];
    }
    if (Array.isArray(expected)) {
      const [wanted, actual] = [expected.join(', '), (found.missing ?? []).join(', ')];
      return wanted === actual ? [] : [`${name} is [${actual}], expected [${wanted}]`];
    }
    const paise = found.head_paise?.[index];
    const amount = paise === undefined ? null : rupees(paise);
    const value =
      name === 'exempt' ? String(found.exempt) : index >= 0 ? amount : (found.steps?.[name] ?? null);
    const why = found.missing ? ` (missing: ${found.missing.join(', ')})` : '';
    return differs(expected, value) ? [`${name} is ${value}${why}, expected ${expected}`] : [];
  });
}

const differing = (name: string, expected: string, actual: string | null) =>
  differs(expected, actual) ? [`${name} is ${actual}, expected ${expected}`] : [];

/** What the explanation says of the demand; rebates are those granted on the way, where the case has payments. */
function judgeCollection(
  one: CollectionCase,
  explanation: Explanation | null,
  settled: Settled | null,
): string[] {
  const amounts = Object.entries(one.expect.amounts).flatMap(([name, expected]) => {
    const found = [...(explanation?.steps ?? []), ...(explanation?.heads ?? [])].find(
      (item) => item.name === name,
    );
    return differing(name, expected, found?.value ?? null);
  });
  const rebates = Object.entries(one.expect.rebates).flatMap(([name, expected]) => {
    if (settled) return differing(name, expected, named(name, settled.rebates));
    const taken = (explanation?.rebates ?? []).filter((item) => item.name === name);
    const known = taken.length > 0 && taken.every((item) => item.value !== null);
    return differing(name, expected, known ? sum(taken.map((item) => item.value!)) : null);
  });
  const net = explanation?.netPaise == null ? null : rupees(explanation.netPaise);
  return [
    ...amounts,
    ...rebates,
    ...(one.expect.net === undefined ? [] : differing('net', one.expect.net, net)),
  ];
}

/** What became of the dues. */
function judgeSettled({ expect }: CollectionCase, settled: Settled): string[] {
  const each = (expected: Record<string, string>, what: string, actual: (name: string) => string) =>
    Object.entries(expected).flatMap(([name, amount]) => differing(`${what} ${name}`, amount, actual(name)));
  const left = settled.dues.map((due) => ({ ...due, amount: due.outstanding }));
  return [
    ...each(expect.charges, 'charged', (name) => sumOf(name, settled.charges)),
    ...each(expect.lapsed, 'lapsed', (name) => named(name, settled.lapsed)),
    ...each(expect.waived, 'waived', (name) => named(name, settled.waived)),
    ...(expect.cleared ?? []).flatMap((parts, i) => {
      return each(parts, `payment ${i + 1} clears`, (key) => sumOf(key, settled.cleared[i] ?? []));
    }),
    ...each(expect.outstanding ?? {}, 'outstanding', (key) => sumOf(key, left)),
    ...(expect.balance === undefined
      ? []
      : differing('balance', expect.balance, sum(left.map(({ amount }) => amount)))),
  ];
}

function named(name: string, parts: readonly { name: string; amount: string }[]): string {
  return sum(parts.filter((part) => part.name === name).map(({ amount }) => amount));
}

function sum(amounts: readonly string[]): string {
  return formatDecimal(amounts.reduce((total, amount) => add(total, decimal(amount)), decimal('0')));
}
