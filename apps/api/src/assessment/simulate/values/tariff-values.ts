import { Problem } from '../../../core/problem.js';
import { compileTariff, describeFault, type CompiledTariff } from '../../../tariff/compile.js';
import { editYaml } from '../../tariff-proposals/text/yaml-edit.js';
import type { ValueChange } from '../simulate.schema.js';

/** A rate table as a person moves its values. */
export interface ValueTable {
  name: string;
  reference: string;
  note: string | null;
  unit: string | null;
  /** Codes that the table gives instead of numbers; null for numbers. */
  gives: readonly string[] | null;
  keys: { name: string; label: { en: string; hi: string; mr: string } | null }[];
  rows: { cells: (string | readonly string[])[]; value: string }[];
}

/** The tables of a tariff in the order of the file. */
export function tablesOf({ program }: CompiledTariff): ValueTable[] {
  const { tables, inputs, steps } = program.file;
  const declared = { ...inputs.owner, ...inputs.unit, ...inputs.property };
  const stepLabels = [...steps.unit, ...steps.property].map(({ name, label }) => [name, label] as const);
  const labels = new Map<string, ValueTable['keys'][number]['label']>([
    ...stepLabels,
    ...Object.entries(declared).map(([name, { label }]) => [name, label ?? null] as const),
  ]);
  return Object.entries(tables).map(([name, table]) => ({
    name,
    reference: table.reference ?? '',
    note: table.note ?? null,
    unit: table.unit ?? null,
    gives: table.gives?.code ?? null,
    keys: Object.keys(table.key).map((key) => ({
      name: key,
      label: labels.get(key.split('.').at(-1)!) ?? null,
    })),
    rows: table.rows.map((row) => ({ cells: row.slice(0, -1), value: String(row.at(-1)) })),
  }));
}

/** The text with single values of its tables replaced. A change that names no row of the file is a Problem. */
export function withChanges(tariff: CompiledTariff, text: string, changes: readonly ValueChange[]): string {
  const tables = tablesOf(tariff);
  const edits = changes.map(({ table, row, value }, i) => {
    const found = tables.find(({ name }) => name === table)?.rows[row];
    if (!found) {
      const where = `changes/${i}`;
      const detail = `The tariff has no row ${row} in a table "${table}". Load its tables again.`;
      throw new Problem(422, 'value-unknown', detail, [
        { where, value: `${table} ${row}`, message: 'no such row' },
      ]);
    }
    return { op: 'set' as const, path: ['tables', table, 'rows', row, found.cells.length], value };
  });
  return edits.length ? editYaml(text, edits) : text;
}

/** Compiles a text that is not installed. Its own examples are not run: a value that is tried out contradicts them. */
export async function compileText(text: string, fileName: string): Promise<CompiledTariff> {
  const result = await compileTariff(text, fileName);
  if (result.ok) return result.tariff;
  const errors = result.faults.map((fault) => ({
    where: `${fault.file}:${fault.line}`,
    value: fault.value,
    message: `${fault.message} ${fault.remedy}`,
  }));
  const first = result.faults[0] ? describeFault(result.faults[0]) : fileName;
  const detail = `The tariff has ${errors.length} fault(s). First: ${first}`;
  throw new Problem(422, 'tariff-faulty', detail, errors);
}
