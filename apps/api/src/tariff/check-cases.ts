import { areaFactor, columnOf, type BoundInput, type InputLevel } from './binding.js';
import type { FilePath } from './file/fault.js';
import type { TariffFile } from './file/read.js';
import type { CaseGiven } from './file/schema.js';
import { parseDecimal } from './language/decimal.js';

/** Where a case stands in its file, for the report of one that fails. */
export interface Place {
  line: number;
  column: number;
}

interface CaseLike {
  readonly name: string;
  readonly kind: 'published' | 'computed';
  readonly source?: string | undefined;
  readonly given: CaseGiven;
}

/**
 * Checks that the cases name only declared inputs, that published ones have a source, and that names are
 * unique.
 */
export function checkCases(
  file: TariffFile,
  cases: readonly CaseLike[],
  inputs: readonly BoundInput[],
  years: { from: number; to?: number | null | undefined },
): void {
  cases.forEach((one, i) => {
    const path: FilePath = ['cases', i];
    if (cases.findIndex((other) => other.name === one.name) !== i) {
      const message = `Two cases are called "${one.name}".`;
      file.fault([...path, 'name'], 'duplicate_key', one.name, message, 'Rename one.');
    }
    if (one.kind === 'published' && !one.source) {
      const message = `The published case "${one.name}" has no source.`;
      file.fault(
        path,
        'missing_reference',
        one.name,
        message,
        'Name where it was published, or call it computed.',
      );
    }
    const fy = one.given.fy;
    if (fy !== undefined && (fy < years.from || (years.to && fy > years.to))) {
      const message = 'The tariff does not apply to that year.';
      file.fault([...path, 'given', 'fy'], 'value', String(fy), message, 'Give a year of the tariff.');
    }
    checkFacts(file, [...path, 'given', 'property'], 'property', one.given.property, inputs);
    checkPrevious(file, [...path, 'given', 'previous'], one, inputs);
    one.given.units.forEach((unit, n) => {
      checkFacts(file, [...path, 'given', 'units', n], 'unit', unit, inputs);
    });
    one.given.owners.forEach((owner, n) => {
      checkFacts(file, [...path, 'given', 'owners', n], 'owner', owner, inputs);
    });
  });
}

function checkFacts(
  file: TariffFile,
  path: FilePath,
  level: InputLevel,
  facts: Readonly<Record<string, string>>,
  inputs: readonly BoundInput[],
): void {
  for (const [name, value] of Object.entries(facts)) {
    const input = inputs.find((candidate) => candidate.level === level && candidate.name === name);
    if (!input) {
      const message = `The ${level} has no input "${name}".`;
      file.fault([...path, name], 'unknown_name', name, message, 'Correct the name, or remove it.');
    } else if (columnOf(level, name)?.[1] !== 'text' && input.stored !== 'fact' && !parseDecimal(value)) {
      const message = `"${name}" is stored as a number.`;
      file.fault(
        [...path, name],
        'value',
        value,
        message,
        'Write a plain decimal; leave it out if it is missing.',
      );
    }
  }
}

/** The remembered values of a case must be of carried steps. */
function checkPrevious(file: TariffFile, path: FilePath, one: CaseLike, inputs: readonly BoundInput[]): void {
  const given = one.given.previous;
  if (!given) return;
  const check = (level: InputLevel, at: FilePath, facts: Readonly<Record<string, string>>) => {
    const carried = inputs.filter((input) => input.level === level && input.carried !== undefined);
    for (const name of Object.keys(facts)) {
      if (carried.some((input) => input.carried === name)) continue;
      const message = `The ${level} carries no step "${name}".`;
      file.fault([...at, name], 'unknown_name', name, message, 'Correct the name, or list it under carried.');
    }
  };
  check('property', [...path, 'property'], given.property);
  given.units.forEach((unit, n) => check('unit', [...path, 'units', n], unit));
}

/** The assessment of the year before for a case, as JSON for `caseSql`; none where the case gives none. */
export function previousRows(given: CaseGiven, propertyId: string, fy: number): string {
  if (!given.previous) return '[]';
  const units = given.previous.units.map((unit, i) => ({ no: i + 1, ...unit }));
  const steps = { property: given.previous.property, units };
  return JSON.stringify([{ property_id: propertyId, fy, steps }]);
}

/**
 * The rows of the source tables for a case's given facts, as JSON for `caseSql`. Areas become square metres.
 */
export function caseRows(
  given: CaseGiven,
  propertyId: string,
  units: { area: 'm2' | 'ft2' | 'yd2'; m2_per_area?: string | undefined },
): { properties: string; units: string; owners: string } {
  const row = (level: InputLevel, facts: Readonly<Record<string, string>>) => {
    const columns: Record<string, unknown> = { facts: {}, area_factor: areaFactor(units) };
    for (const [name, value] of Object.entries(facts)) {
      const bound = columnOf(level, name);
      if (bound) columns[bound[0]] = value;
      else (columns['facts'] as Record<string, string>)[name] = value;
    }
    return columns;
  };
  const parts = (level: 'unit' | 'owner', all: readonly Readonly<Record<string, string>>[]) => {
    return JSON.stringify(
      all.map((facts, i) => ({ ...row(level, facts), property_id: propertyId, no: i + 1 })),
    );
  };
  return {
    properties: JSON.stringify([{ ...row('property', given.property), id: propertyId }]),
    units: parts('unit', given.units),
    owners: parts('owner', given.owners),
  };
}
