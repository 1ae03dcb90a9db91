import { formatFinancialYear } from '../core/period.js';
import type { TariffFault } from './file/fault.js';

/**
 * A file's years: first and last start year, null for no end. Of collection files, days counted from any
 * origin.
 */
export interface FileSpan {
  readonly name: string;
  readonly from: number;
  readonly to: number | null;
}

/**
 * Checks that the files of one kind and body neither overlap nor leave a gap; a fault stands at the later
 * file. `show` writes a year or day for people.
 */
export function checkSequence(
  files: readonly FileSpan[],
  show: (at: number) => string = String,
): TariffFault[] {
  const sorted = [...files].sort((a, b) => a.from - b.from);
  return sorted.slice(1).flatMap((file, i) => {
    const before = sorted[i]!;
    if (before.to !== null && before.to + 1 === file.from) return [];
    const gap = before.to !== null && before.to + 1 < file.from;
    const message = gap
      ? `Nothing applies between ${before.name} (to ${show(before.to!)}) and this file.`
      : `It begins before ${before.name} ends (${before.to === null ? 'no end' : show(before.to)}).`;
    const remedy = 'Let each file begin where the one before it ends.';
    const place = { file: file.name, line: 1, column: 1, value: show(file.from) };
    return [{ ...place, kind: 'sequence' as const, message, remedy }];
  });
}

/** A file with its body and time: start years of an assessment file, days since 1970 of a collection file. */
export interface FileTime extends FileSpan {
  readonly kind: 'assessment' | 'collection';
  readonly body: string;
}

const dayMs = 86_400_000;
const dayOf = (days: number) => new Date(days * dayMs).toISOString().slice(0, 10);

/** Checks the sequence of each body's files of each kind. */
export function checkBodies(files: readonly FileTime[]): TariffFault[] {
  const groups = new Map<string, FileTime[]>();
  for (const file of files) {
    const key = `${file.kind} ${file.body}`;
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].flatMap((group) => {
    return checkSequence(group, group[0]!.kind === 'assessment' ? formatFinancialYear : dayOf);
  });
}
