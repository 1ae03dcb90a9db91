import type { PropertyDocument } from '../../parcels/property-file/property-document.js';
import { caseParameters } from '../../tariff/case.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import type { Facts, KeptAssessmentRow, ReplayRow } from './history.repository.js';

/** Where a replay gives something else than what was kept. Amounts are whole paise as text. */
export interface Difference {
  what: string;
  kept: string | null;
  replayed: string | null;
}

const carriedName = /^previous\((\w+)\)$/;

/** The parameters of a case that has the very facts of a kept assessment. */
export function parametersOfFacts(tariff: CompiledTariff, row: KeptAssessmentRow): unknown[] {
  const units = row.unit_facts ?? [];
  const owners = row.owner_facts ?? [];
  const parameters = caseParameters(tariff, {
    fy: row.fy,
    as_of: row.effective_on,
    property: own(row.property_facts ?? {}),
    units: units.map(own),
    owners: owners.map(own),
    previous: { property: carried(row.property_facts ?? {}), units: units.map(carried) },
  });
  // Rows keep the numbers that they had, by which the values of the year before are found.
  const numbered = (at: number, rows: Facts[]) => {
    const made = JSON.parse(parameters[at] as string) as object[];
    parameters[at] = JSON.stringify(made.map((one, i) => ({ ...one, no: Number(rows[i]?.['no'] ?? i + 1) })));
  };
  numbered(7, units);
  numbered(8, owners);
  const previous = JSON.parse(parameters[9] as string) as { steps: { units: object[] } }[];
  for (const { steps } of previous) {
    steps.units = steps.units.map((one, i) => ({ ...one, no: Number(units[i]?.['no'] ?? i + 1) }));
  }
  parameters[9] = JSON.stringify(previous);
  return parameters;
}

/** The same with the rows of the property as the roll knew it; what was carried from the year before stays as kept. */
export function parametersOfRoll(
  tariff: CompiledTariff,
  row: KeptAssessmentRow,
  { property, units, owners }: PropertyDocument,
): unknown[] {
  const parameters = parametersOfFacts(tariff, row);
  const id = parameters[3];
  parameters[6] = JSON.stringify([
    {
      id,
      area_factor: 1,
      ward_number: property.wardNumber,
      zone_number: property.zoneNumber,
      category: property.category,
      land_area_m2: property.landAreaM2,
      facts: property.facts,
    },
  ]);
  parameters[7] = JSON.stringify(
    units.map((unit) => ({
      property_id: id,
      no: unit.unitNo,
      area_factor: 1,
      floor: unit.floor,
      use: unit.use,
      structure: unit.structure,
      occupancy: unit.occupancy,
      year_built: unit.yearBuilt,
      area_m2: unit.areaM2,
      capital_value: unit.capitalValue,
      facts: unit.facts,
    })),
  );
  parameters[8] = JSON.stringify(
    owners.map(({ ownerNo, share, class: ownerClass }) => {
      return { property_id: id, no: ownerNo, share, class: ownerClass, facts: {} };
    }),
  );
  return parameters;
}

/** Compares to the paisa: exemption, each instalment of each head, the total, and each step of the property. */
export function differences(
  tariff: CompiledTariff,
  row: KeptAssessmentRow,
  replayed: ReplayRow | null,
): Difference[] {
  if (!replayed || replayed.missing) {
    const missing = replayed?.missing?.join(', ') ?? 'nothing was computed';
    return [{ what: 'missing', kept: null, replayed: missing }];
  }
  const found: Difference[] = [];
  const compare = (what: string, kept: string | null, now: string | null) => {
    if (kept !== now) found.push({ what, kept, replayed: now });
  };
  compare('exempt', String(row.exempt), String(replayed.exempt));
  const amounts = replayed.amounts_paise ?? [];
  const parts = tariff.instalments.length;
  row.amounts_paise?.forEach((amount, i) => {
    const head = tariff.heads[Math.floor(i / parts)]?.name ?? `head ${Math.floor(i / parts) + 1}`;
    compare(`${head} ${(i % parts) + 1}`, amount, amounts[i] ?? null);
  });
  const total = (replayed.head_paise ?? []).reduce((sum, paise) => sum + BigInt(paise), 0n);
  compare('total', row.total_paise, total.toString());
  for (const [name, value] of Object.entries(row.property_steps ?? {})) {
    compare(`step ${name}`, value, replayed.steps?.[name] ?? null);
  }
  return found;
}

function own(facts: Facts): Record<string, string> {
  const entries = Object.entries(facts).filter(([name]) => name !== 'no' && !carriedName.test(name));
  return known(entries);
}

function carried(facts: Facts): Record<string, string> {
  return known(
    Object.entries(facts).flatMap(([name, value]) => {
      const step = carriedName.exec(name)?.[1];
      return step ? [[step, value] as [string, string | null]] : [];
    }),
  );
}

const known = (entries: [string, string | null][]) =>
  Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
