/** What can be wrong with a tariff file; each kind has a test. */
export type FaultKind =
  | 'syntax'
  | 'duplicate_key'
  | 'unknown_key'
  | 'value'
  | 'unknown_name'
  | 'ambiguous_name'
  | 'unused'
  | 'cycle'
  | 'overlap'
  | 'gap'
  | 'missing_reference'
  | 'type'
  | 'unit'
  | 'unknown_code'
  | 'null'
  | 'division_by_zero'
  | 'formula_not_allowed'
  | 'shares'
  | 'too_large'
  | 'sequence'
  | 'collection_alone'
  | 'case_failed';

/**
 * One thing wrong in a tariff file: where it stands (line and column from 1), which value, and what to do
 * about it.
 */
export interface TariffFault {
  file: string;
  line: number;
  column: number;
  value: string;
  kind: FaultKind;
  message: string;
  remedy: string;
}

/** A place in the file: keys and indexes from its root. */
export type FilePath = readonly (string | number)[];

/**
 * What is wrong in a formula, thrown inside the compiler only and turned into a `TariffFault` at the
 * formula's place.
 */
export class FormulaFault extends Error {
  constructor(
    readonly kind: FaultKind,
    readonly value: string,
    message: string,
    readonly remedy: string,
    /** Byte offset of the offending part in the formula, when known. */
    readonly offset?: number,
  ) {
    super(message);
  }
}

/** A formula leans on one that failed: its own fault is reported, this one would only repeat it. */
export class AlreadyReported extends Error {}

/** One line for a terminal: `file:line:column kind "value": message. remedy`. */
export function describeFault(fault: TariffFault): string {
  const place = `${fault.file}:${fault.line}:${fault.column}`;
  return `${place} ${fault.kind} "${fault.value}": ${fault.message} ${fault.remedy}`;
}
