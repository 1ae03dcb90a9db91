import { compileTariff, type Result, type TariffFault } from '../compile.js';

const label = '{en: x, hi: x, mr: x}';
const PRICE =
  'price: {key: {fy: range}, bounds: lower_inclusive, unit: money/area, reference: t, rows: [["..", 10]]}';

/** The smallest useful tariff as lines of YAML, for tests that break one part of it. */
export interface MinimalTariff {
  tariff?: string;
  appliesTo?: string;
  units?: string;
  withoutUnits?: string;
  property?: string;
  unit?: string;
  owner?: string;
  carried?: string;
  tables?: string[];
  unitSteps?: string[];
  propertySteps?: string[];
  exemptions?: string[];
  heads?: string[];
  instalments?: string[];
  instalmentRounding?: string;
  cases?: string[];
}

/** A step or head on one line: `{name: x, formula: "...", ...}`. */
export function step(name: string, formula: string, more = ''): string {
  return `{name: ${name}, formula: ${JSON.stringify(formula)}, label: ${label}${more && `, ${more}`}}`;
}

export function head(name: string, formula: string, more = 'round: {to: 1, mode: half_up}'): string {
  return step(name, formula, `account: "1${name.length}"${more && `, ${more}`}`);
}

export function exemption(name: string, when: string, more = ''): string {
  return `{name: ${name}, when: ${JSON.stringify(when)}, label: ${label}${more && `, ${more}`}}`;
}

/** A tariff of 10 per m2 of every unit, with the given parts in place of its own. */
export function minimalTariff(parts: MinimalTariff = {}): string {
  const list = (name: string, items: string[] | undefined, indent = '') => {
    return items ? `${indent}${name}:\n${items.map((item) => `${indent}  - ${item}`).join('\n')}\n` : '';
  };
  const steps = list('unit', parts.unitSteps, '  ') + list('property', parts.propertySteps, '  ');
  const tables = parts.tables ?? [PRICE];
  return `tariff: ${parts.tariff ?? 'in-mp/test'}
kind: assessment
title: ${label}
law: "Test"
applies_to: ${parts.appliesTo ?? '{from: 2020-21}'}
status: sample
units: ${parts.units ?? '{currency: INR, area: m2}'}
${parts.withoutUnits ? `without_units: ${parts.withoutUnits}` : ''}
inputs:
  property: ${parts.property ?? '{}'}
  unit: ${parts.unit ?? '{area: {area: true}}'}
  owner: ${parts.owner ?? '{}'}
${parts.carried ? `carried: ${parts.carried}` : ''}
tables:
${tables.length > 0 ? tables.map((line) => `  ${line}\n`).join('') : '  {}\n'}
steps:
${steps || '  {}\n'}
${list('exemptions', parts.exemptions)}
${list('heads', parts.heads ?? [head('tax', 'sum(unit.area) * price(fy)')])}
${list('instalments', parts.instalments ?? ['{n: 1, due: 09-30, share: 1}'])}
${parts.instalmentRounding ? `instalment_rounding: ${parts.instalmentRounding}` : ''}
${list('cases', parts.cases)}`;
}

/** Compiles a minimal tariff with the given parts. */
export function compileMinimal(parts: MinimalTariff = {}): Promise<Result> {
  return compileTariff(minimalTariff(parts), 'test.yaml');
}

/** The faults of a minimal tariff with the given parts; empty when it compiles. */
export async function faultsOf(parts: MinimalTariff): Promise<TariffFault[]> {
  const result = await compileMinimal(parts);
  return result.ok ? [] : result.faults;
}
