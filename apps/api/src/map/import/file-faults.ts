import { isUtf8 } from 'node:buffer';
import { Problem } from '../../core/problem.js';
import type { RowBatch } from './row-source.js';
import type { LineCollector } from './report.js';
import type { Plan } from './staging.repository.js';

/** What makes a file unusable as a whole, found while it is read; each becomes a Problem with what to do. */

/**
 * A town reaches a little beyond its UTM zone; a wrong reference system lands hundreds of kilometres away.
 */
const zoneMarginDegrees = 1.5;

/** Box around a UTM zone with the margin. */
export function zoneBox(utmSrid: number): Plan['zone'] {
  const west = ((utmSrid % 100) - 1) * 6 - 180;
  const [south, north] = utmSrid < 32_700 ? [-1, 84.5] : [-80.5, 1];
  return [west - zoneMarginDegrees, south, west + 6 + zoneMarginDegrees, north];
}

/**
 * When nearly all that was read lies elsewhere, the reference system is wrong and no single row is at
 * fault.
 */
export function refuseWrongPlace(collector: LineCollector, read: number, file: string): void {
  const nowhere = collector.count('outside-longitude-latitude');
  const elsewhere = collector.count('outside-zone');
  if (nowhere + elsewhere <= read / 2) return;
  const place = collector.lines.find((line) => line.rule.startsWith('outside-'));
  throw new Problem(
    422,
    'srs-wrong',
    `${nowhere + elsewhere} of ${read} features of ${file} lie ` +
      (nowhere > elsewhere ? 'outside longitude and latitude' : 'outside the UTM zone of the municipality') +
      ': the file is in another reference system, or its coordinates are swapped. ' +
      'Say which it is: --srs EPSG:32643.',
    [
      {
        where: `row ${place?.row ?? 1}`,
        value: place?.value ?? undefined,
        message: place?.message ?? 'elsewhere',
      },
    ],
  );
}

/** Throws at the first row that is not UTF-8, naming it and the option that declares another encoding. */
export function checkEncoding(batch: RowBatch, before: number, file: string): void {
  // Rows of our own making were read as UTF-8 already.
  if (batch.format === 'binary') return;
  const whole = Buffer.concat(batch.chunks);
  if (isUtf8(whole)) return;
  let row = before;
  for (const line of whole.toString('latin1').split('\n')) {
    row += 1;
    const bytes = Buffer.from(line, 'latin1');
    if (isUtf8(bytes)) continue;
    const at = bytes.findIndex(
      (_, index) => !isUtf8(bytes.subarray(0, index + 1)) && !isUtf8(bytes.subarray(0, index + 4)),
    );
    const value = line.slice(Math.max(0, at - 20), at + 20).replace(/[^\x20-\x7e]/g, '?');
    throw new Problem(
      422,
      'encoding-wrong',
      `${file} is not in UTF-8: row ${row} holds "...${value}...". Say which encoding it is in: --encoding
        windows-1252.`,
      [{ where: `row ${row}`, value, message: 'not UTF-8' }],
    );
  }
}

/**
 * A rule of the table that no column of the descriptor states: the file as a whole is refused, and the rule
 * named.
 */
export function refusedByTable(
  error: Error & { code?: string; constraint?: string; detail?: string },
): never {
  if (!error.code?.startsWith('23') && !error.code?.startsWith('22')) throw error;
  const rule = error.constraint ? ` (${error.constraint})` : '';
  throw new Problem(422, 'row-refused', `A row breaks a rule of the layer${rule}: ${error.message}.`, [
    { where: error.constraint ?? 'row', value: error.detail?.slice(0, 200), message: error.message },
  ]);
}

/** The error of a COPY as a Problem that names the row; an error of another kind as it is. */
export function unreadable(
  error: Error & { code?: string; where?: string },
  before: number,
  file: string,
): Error {
  // Class 22 is "data exception": the bytes are at fault, not the statement.
  if (!error.code?.startsWith('22') && error.code !== 'XX000') return error;
  const line = Number(/line (\d+)/.exec(error.where ?? '')?.[1] ?? 0);
  return new Problem(
    422,
    'row-unreadable',
    `Row ${before + line} of ${file} cannot be read: ${error.message}`,
  );
}
