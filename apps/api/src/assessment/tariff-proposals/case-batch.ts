import { caseParameters, caseSql, type Query } from '../../tariff/case.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import { decimal, formatDecimal, multiply, compare, parseDecimal } from '../../tariff/language/decimal.js';

/** What the compiled statement gave for one case. */
export interface CaseRow extends Record<string, unknown> {
  missing: string[] | null;
  exempt: boolean | null;
  head_paise: string[] | null;
  amounts_paise: string[] | null;
  steps: Record<string, string> | null;
}

/** One expectation of a case beside what came out. */
export interface Expectation {
  name: string;
  expected: string;
  computed: string | null;
  passed: boolean;
}

/** The property under which each case stands in the statement: ids in order, so that one range holds them all. */
const caseProperty = (index: number): string =>
  `00000000-0000-7000-8000-${String(index + 1).padStart(12, '0')}`;

/**
 * Evaluates all cases of an assessment file through the statement that assesses the city, those of one year and day in
 * one statement: planning it costs more than running it. Gives one row a case, in their order.
 */
export async function runCasesAtOnce(tariff: CompiledTariff, query: Query): Promise<(CaseRow | undefined)[]> {
  const sql = caseSql(tariff);
  const groups = new Map<string, { index: number; parameters: unknown[] }[]>();
  tariff.cases.forEach((one, index) => {
    const parameters = caseParameters(tariff, one.given).map((value) =>
      forProperty(value, caseProperty(index)),
    );
    const key = JSON.stringify([parameters[1], parameters[2]]);
    groups.set(key, [...(groups.get(key) ?? []), { index, parameters }]);
  });
  const rows: (CaseRow | undefined)[] = tariff.cases.map(() => undefined);
  for (const group of groups.values()) {
    const found = await query(sql, together(group.map(({ parameters }) => parameters)));
    const byId = new Map(found.map((row) => [row['property_id'], row as CaseRow]));
    for (const { index } of group) rows[index] = byId.get(caseProperty(index));
  }
  return rows;
}

const firstCase = caseProperty(0);

function forProperty(value: unknown, id: string): unknown {
  return typeof value === 'string' ? value.replaceAll(firstCase, id) : value;
}

/** The parameters of one statement for several cases: rows given as JSON are joined, the rest is the same in all. */
function together(each: unknown[][]): unknown[] {
  const [first = []] = each;
  const merged = first.map((value, at) => {
    if (typeof value !== 'string' || !value.startsWith('[')) return value;
    return JSON.stringify(each.flatMap((parameters) => JSON.parse(String(parameters[at])) as unknown[]));
  });
  // The fourth and fifth are the first and last property.
  merged[4] = each.at(-1)?.[4];
  return merged;
}

const rupees = (paise: string) => formatDecimal(multiply(decimal(paise), decimal('0.01')));

/** Each expectation of a case beside the computed value, in the words of the file. */
export function expectations(
  tariff: CompiledTariff,
  expect: Record<string, string | string[]>,
  row: CaseRow | undefined,
): Expectation[] {
  return Object.entries(expect).map(([name, wanted]) => {
    const head = tariff.heads.findIndex((each) => each.name === name);
    const computed = head >= 0 ? amountsOf(tariff, head, wanted, row) : valueOf(name, row);
    const passed = sameList(listOf(wanted), listOf(computed));
    return {
      name,
      expected: listOf(wanted).join(', '),
      computed: computed && listOf(computed).join(', '),
      passed,
    };
  });
}

const listOf = (value: string | string[] | null): string[] => (Array.isArray(value) ? value : [value ?? '']);

/** A head's amount of the year, or of each instalment where the case lists them. */
function amountsOf(
  tariff: CompiledTariff,
  head: number,
  wanted: string | string[],
  row: CaseRow | undefined,
): string | string[] | null {
  const parts = tariff.instalments.length;
  if (Array.isArray(wanted))
    return (row?.amounts_paise ?? []).slice(head * parts, (head + 1) * parts).map(rupees);
  const paise = row?.head_paise?.[head];
  return paise === undefined ? null : rupees(paise);
}

function valueOf(name: string, row: CaseRow | undefined): string | string[] | null {
  if (name === 'missing') return row?.missing ?? [];
  if (name === 'exempt') return row?.exempt === undefined || row.exempt === null ? null : String(row.exempt);
  return row?.steps?.[name] ?? null;
}

const sameList = (expected: string[], computed: string[]): boolean =>
  expected.length === computed.length && expected.every((one, i) => same(one, computed[i] ?? ''));

function same(expected: string, computed: string): boolean {
  const [a, b] = [parseDecimal(expected), parseDecimal(computed)];
  return a && b ? compare(a, b) === 0 : expected === computed;
}
