import type { CompiledTariff } from '../../../tariff/compile.js';
import {
  bins,
  type GroupedRows,
  type GroupRow,
  type HeadRow,
  type MoverRow,
  type OneSidedRow,
  type SpreadRows,
} from './compare.repository.js';
import type { Comparison, Group, HeadChange, Mover, NamedGroup, OneSided } from './result.js';

/** The heads of two tariffs, each once, with their places (from 1; 0 where a side lacks it). */
export interface HeadPlaces {
  heads: Pick<HeadChange, 'name' | 'label'>[];
  present: number[];
  proposed: number[];
}

export function headPlaces(present: CompiledTariff, proposed: CompiledTariff): HeadPlaces {
  const known = new Map([...proposed.heads, ...present.heads].map(({ name, label }) => [name, label]));
  const names = [
    ...present.heads.map(({ name }) => name),
    ...proposed.heads
      .map(({ name }) => name)
      .filter((name) => !present.heads.some((head) => head.name === name)),
  ];
  const place = (tariff: CompiledTariff, name: string) =>
    tariff.heads.findIndex((head) => head.name === name) + 1;
  return {
    heads: names.map((name) => ({ name, label: known.get(name)! })),
    present: names.map((name) => place(present, name)),
    proposed: names.map((name) => place(proposed, name)),
  };
}

/** Puts the rows together; throws where they do not reconcile, because then nothing of them may be shown. */
export function comparisonOf(
  rows: GroupedRows,
  spread: SpreadRows,
  { rows: headRows, places }: { rows: HeadRow[]; places: HeadPlaces },
  numbers: Map<string, string>,
): Comparison {
  const inBin = (wanted: number) => spread.bins.find(({ bin }) => bin === wanted)?.properties ?? 0;
  const whole = addUp(rows.groups);
  mustReconcile(whole, rows.properties);
  const heads = places.heads.map((head, i): HeadChange => {
    const row = headRows.find(({ no }) => no === i + 1);
    return {
      ...head,
      presentPaise: places.present[i] ? (row?.present_paise ?? '0') : null,
      proposedPaise: places.proposed[i] ? (row?.proposed_paise ?? '0') : null,
      comparablePresentPaise: row?.comparable_present_paise ?? '0',
      comparableProposedPaise: row?.comparable_proposed_paise ?? '0',
    };
  });
  for (const side of ['present', 'proposed'] as const) {
    const sum = heads.reduce((total, head) => total + BigInt(head[`${side}Paise`] ?? '0'), 0n);
    if (sum !== BigInt(whole[side].totalPaise))
      throw new Error(`The ${side} heads sum to ${sum}, not to the total.`);
  }
  return {
    whole,
    heads,
    wards: named(rows.groups, 'ward'),
    uses: named(rows.groups, 'use'),
    deciles: spread.deciles.map((row) => ({
      decile: row.decile,
      properties: row.properties,
      lowestPaise: row.lowest,
      highestPaise: row.highest,
      presentPaise: row.present_paise,
      proposedPaise: row.proposed_paise,
      up: row.up,
      down: row.down,
    })),
    changeAtDecile: spread.quantiles ?? [],
    histogram: {
      bins: spread.bins.filter(({ bin }) => bin < bins.same),
      same: inBin(bins.same),
      fresh: inBin(bins.fresh),
    },
    increases: rows.increases.map((row) => moverOf(row, numbers)),
    decreases: rows.decreases.map((row) => moverOf(row, numbers)),
    oneSided: rows.one_sided.map((row) => oneSidedOf(row, numbers)),
  };
}

/** The properties that the lists name. */
export function listedIds({ increases, decreases, one_sided }: GroupedRows): string[] {
  return [...increases, ...decreases, ...one_sided].map((row) => row.property_id);
}

function mustReconcile(whole: Group, properties: number): void {
  for (const side of ['present', 'proposed'] as const) {
    const { assessed, exempt, exceptions } = whole[side];
    if (assessed + exempt + exceptions !== properties) {
      throw new Error(
        `${properties} properties, but the ${side} side counts ${assessed} + ${exempt} + ${exceptions}.`,
      );
    }
  }
}

function named(rows: GroupRow[], by: 'ward' | 'use'): NamedGroup[] {
  const names = [...new Set(rows.map((row) => row[by]))].sort((a, b) => compareNames(a, b));
  return names.map((name) => ({ name, ...addUp(rows.filter((row) => row[by] === name)) }));
}

/** Ward 2 before ward 10; what has no name last. */
function compareNames(a: string | null, b: string | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return a.localeCompare(b, 'en', { numeric: true });
}

function addUp(rows: GroupRow[]): Group {
  const n = (key: keyof GroupRow) => rows.reduce((total, row) => total + Number(row[key]), 0);
  const paise = (key: keyof GroupRow) => rows.reduce((total, row) => total + BigInt(row[key] ?? 0), 0n);
  const [present, proposed] = [paise('comparable_present_paise'), paise('comparable_proposed_paise')];
  const [comparable, up, down] = [n('comparable'), n('up'), n('down')];
  return {
    properties: n('properties'),
    present: {
      assessed: n('present_assessed'),
      exempt: n('present_exempt'),
      exceptions: n('present_exceptions'),
      totalPaise: String(paise('present_paise')),
    },
    proposed: {
      assessed: n('proposed_assessed'),
      exempt: n('proposed_exempt'),
      exceptions: n('proposed_exceptions'),
      totalPaise: String(paise('proposed_paise')),
    },
    comparable: {
      properties: comparable,
      presentPaise: String(present),
      proposedPaise: String(proposed),
      changePaise: String(proposed - present),
      up,
      down,
      same: comparable - up - down,
    },
    onlyPresent: { properties: n('only_present'), paise: String(paise('only_present_paise')) },
    onlyProposed: { properties: n('only_proposed'), paise: String(paise('only_proposed_paise')) },
    neither: n('neither'),
  };
}

function moverOf(row: MoverRow, numbers: Map<string, string>): Mover {
  return {
    propertyId: row.property_id,
    number: numbers.get(row.property_id) ?? '',
    wardNumber: row.ward,
    use: row.use,
    presentPaise: row.p,
    proposedPaise: row.q,
    changePaise: String(BigInt(row.q) - BigInt(row.p)),
  };
}

function oneSidedOf(row: OneSidedRow, numbers: Map<string, string>): OneSided {
  return {
    propertyId: row.property_id,
    number: numbers.get(row.property_id) ?? '',
    wardNumber: row.ward,
    exceptionIn: row.p === null ? 'present' : 'proposed',
    reasons: row.missing.split(', '),
    paise: row.p ?? row.q ?? '0',
  };
}
