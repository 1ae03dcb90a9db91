import { limits } from '../../platform/limits.js';

export type Outcome = 'repaired' | 'rejected' | 'warned';

/** One thing that was found in one row. A row that came in as it stood has no line. */
export interface ReportLine {
  /**
   * The feature's position in the file, from 1; for a roll the line of the file. 0 is the file as a whole.
   */
  row: number;
  outcome: Outcome;
  /** A stable word, such as `geometry-empty`. */
  rule: string;
  column: string | null;
  value: string | null;
  message: string;
  /** [longitude, latitude] */
  place: [number, number] | null;
}

export interface ImportCounts {
  read: number;
  /** Rows that are in the register now, whether repaired or not: created + changed + unchanged + merged. */
  accepted: number;
  repaired: number;
  rejected: number;
  created: number;
  changed: number;
  unchanged: number;
  /** Rows that became a piece of another row. */
  merged: number;
  /** Features that the file no longer has. */
  retired: number;
}

export interface ImportReport {
  id: string;
  layer: string;
  file: string;
  fileSha256: string;
  dryRun: boolean;
  /**
   * `unchanged`: the file brought nothing new, so nothing was written. `refused`: all or nothing, and a row
   * failed.
   */
  result: 'applied' | 'unchanged' | 'dry-run' | 'refused';
  changesetId: string | null;
  counts: ImportCounts;
  /** How many lines of each rule, also of those that did not fit into `lines`. */
  rules: Record<string, number>;
  /** Open issues that the import registered, by rule. */
  issues: Record<string, number>;
  lines: ReportLine[];
  /** True where there were more lines than a report keeps. */
  linesCut: boolean;
}

export function noCounts(): ImportCounts {
  return {
    read: 0,
    accepted: 0,
    repaired: 0,
    rejected: 0,
    created: 0,
    changed: 0,
    unchanged: 0,
    merged: 0,
    retired: 0,
  };
}

/** Gathers lines up to the limit, and counts all. */
export class LineCollector {
  readonly lines: ReportLine[] = [];
  readonly rules: Record<string, number> = {};
  cut = false;

  add(line: ReportLine): void {
    this.rules[line.rule] = (this.rules[line.rule] ?? 0) + 1;
    if (this.lines.length < limits.importReportRows) this.lines.push(line);
    else this.cut = true;
  }

  count(rule: string): number {
    return this.rules[rule] ?? 0;
  }
}
