import { createHash } from 'node:crypto';
import { Problem } from '../../../core/problem.js';
import { limits } from '../../../platform/limits.js';
import { csvRecords } from '../../roll-import/csv-records.js';
import { knownColumns } from './bulk-columns.js';
import { type BulkRow, fault, type RowFault } from './bulk-rows.js';

/** What became of each row of a file of changes. */
export interface BulkReport {
  /** Of the batch that was made; of no meaning where none was. */
  id: string;
  file: string;
  fileSha256: string;
  /** `already`: the same file was given before, and this is what it made then. */
  result: 'dry-run' | 'submitted' | 'unchanged' | 'refused' | 'already';
  counts: { rows: number; accepted: number; unchanged: number; refused: number; changes: number };
  lines: (RowFault & { outcome: 'refused' | 'warning'; number: string | null })[];
}

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The rows of a file, and what is no row. Throws a Problem where the file as a whole cannot be read. */
export async function readFile(text: string): Promise<{ rows: BulkRow[]; faults: RowFault[] }> {
  const rows: BulkRow[] = [];
  const faults: RowFault[] = [];
  let header: string[] | null = null;
  for await (const record of csvRecords(bytesOf(text), ',')) {
    const bare = { row: record.line, cells: {} };
    if ('fault' in record) faults.push(fault(bare, null, record.message, 'Mend the line'));
    else if (!header) header = checkedHeader(record.cells);
    else if (record.cells.length !== header.length) {
      const message = `has ${record.cells.length} cells instead of ${header.length}`;
      faults.push(fault(bare, null, message, 'Give every row a cell for every column'));
    } else {
      const cells = header.map((name, index) => [name, (record.cells[index] ?? '').trim()] as const);
      rows.push({ row: record.line, cells: Object.fromEntries(cells) });
    }
    if (rows.length + faults.length > limits.changeFileRows) {
      const detail = `A file of changes has at most ${limits.changeFileRows} rows: split it.`;
      throw new Problem(413, 'too-many-rows', detail);
    }
  }
  if (!header)
    throw new Problem(422, 'file-empty', 'The file has no header: its first line names the columns.');
  return { rows, faults };
}

function checkedHeader(given: string[]): string[] {
  const header = given.map((name) => name.trim().toLowerCase());
  const unknown = header.filter((name) => !knownColumns.includes(name));
  const twice = header.filter((name, index) => header.indexOf(name) !== index);
  if (!unknown.length && !twice.length && header.includes('number')) return header;
  const errors = [
    ...unknown.map((value) => ({ where: 'header', value, message: 'no column of the property file' })),
    ...twice.map((value) => ({ where: 'header', value, message: 'stands twice' })),
    ...(header.includes('number') ? [] : [{ where: 'header', value: 'number', message: 'is missing' }]),
  ];
  const detail = `The header does not fit. Columns are: ${knownColumns.join(', ')}.`;
  throw new Problem(422, 'header-wrong', detail, errors);
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text, 'utf8');
}
