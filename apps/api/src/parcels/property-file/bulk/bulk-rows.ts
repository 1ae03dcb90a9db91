import { isDay } from '../../../core/period.js';
import { parseShare } from '../../../core/share.js';
import { holdsOn, type PropertyDocument } from '../property-document.js';
import { ownerColumns, propertyColumns, toldOf, unitColumns } from './bulk-columns.js';

/** A row of the file: cells by column, trimmed. `row` is its line in the file, from 1. */
export interface BulkRow {
  row: number;
  cells: Record<string, string>;
}

/** Said of one cell, or of a whole row where `column` is null. */
export interface RowFault {
  row: number;
  column: string | null;
  value: string | null;
  message: string;
  remedy: string;
}

/** An act as it stands in the file, not yet checked, with the row that asks for it. */
export interface RowAct {
  row: number;
  act: Record<string, unknown> & { do: string };
}

/** What all rows of one property ask for together. */
export interface GroupIntent {
  effectiveOn: string;
  document: string | null;
  reason: string;
  acts: RowAct[];
  faults: RowFault[];
}

/** What holds where the rows themselves do not say it. */
export interface GroupDefaults {
  effectiveOn: string | null;
  document: string | null;
  reason: string | null;
}

/** Reads the rows of one property against what stands (null: not on the roll). Asks only for what differs. */
export function readGroup(
  rows: readonly BulkRow[],
  current: PropertyDocument | null,
  defaults: GroupDefaults,
): GroupIntent {
  const faults: RowFault[] = [];
  const once = (column: string, fallback: string | null) => onlyValue(rows, column, fallback, faults);
  const effectiveOn = once('effective_on', defaults.effectiveOn) ?? '';
  const document = once('document', defaults.document);
  const reason = once('reason', defaults.reason) ?? '';
  const first = rows[0] as BulkRow;
  if (!isDay(effectiveOn)) {
    faults.push(fault(first, 'effective_on', 'is no day', 'Write the day from which it holds as 2026-04-01'));
  }
  if (reason.trim().length < 5) {
    faults.push(fault(first, 'reason', 'says too little', 'Say in a few words why'));
  }
  const acts: RowAct[] = [];
  if (!faults.length) {
    acts.push(...ofProperty(rows, current, faults));
    for (const row of rows) acts.push(...ofUnit(row, current, { effectiveOn, reason, faults }));
    for (const row of rows) acts.push(...ofOwner(row, current, { effectiveOn, reason, faults }));
  }
  return { effectiveOn, document, reason, acts, faults };
}

function ofProperty(
  rows: readonly BulkRow[],
  current: PropertyDocument | null,
  faults: RowFault[],
): RowAct[] {
  const first = rows[0] as BulkRow;
  const creating = rows.some(({ cells }) => cells['action'] === 'create');
  const set: Record<string, unknown> = {};
  for (const [column, field] of Object.entries(propertyColumns)) {
    const value = onlyValue(rows, column, null, faults);
    const had = current?.property[field as keyof PropertyDocument['property']];
    if (value !== null && !sameValue(value, had)) set[field] = value;
  }
  if (creating && !current) {
    const noParcelReason = onlyValue(rows, 'no_parcel_reason', 'not_mapped', faults);
    const number = first.cells['number'];
    return [{ row: first.row, act: { do: 'create-property', number, ...set, noParcelReason } }];
  }
  if (!current) {
    const remedy = 'Mend the number, or write create in the column action';
    faults.push(fault(first, 'number', 'is not on the roll', remedy));
    return [];
  }
  const retiring = rows.find(({ cells }) => cells['action'] === 'retire' && !cells['unit_no']);
  if (retiring)
    return current.property.status === 'retired'
      ? []
      : [{ row: retiring.row, act: { do: 'retire-property' } }];
  return Object.keys(set).length ? [{ row: first.row, act: { do: 'alter-property', set } }] : [];
}

interface Given {
  effectiveOn: string;
  reason: string;
  faults: RowFault[];
}

function ofUnit(
  row: BulkRow,
  current: PropertyDocument | null,
  { effectiveOn, reason, faults }: Given,
): RowAct[] {
  const told = toldOf(row, unitColumns);
  const { unit_no: no, area_m2: areaM2, adopt, action } = row.cells;
  const retiring = action === 'retire' && no;
  if (!Object.keys(told).length && !areaM2 && !adopt && !retiring) return [];
  const unitNo = no ? wholeNumber(row, 'unit_no', faults) : undefined;
  if (unitNo === null) return [];
  if (unitNo === undefined && current) {
    const remedy = 'Give the number of the unit; a free one adds it';
    faults.push(fault(row, 'unit_no', 'is empty', remedy));
    return [];
  }
  const standing = current?.units.find((unit) => unit.unitNo === unitNo && holdsOn(unit, effectiveOn));
  if (retiring) return standing ? [{ row: row.row, act: { do: 'retire-unit', unitNo } }] : [];
  if (!standing) return [{ row: row.row, act: { do: 'add-unit', unitNo, ...told, areaM2 } }];
  const acts: RowAct[] = [];
  const set = differing(told, standing as unknown as Record<string, unknown>);
  if (Object.keys(set).length) acts.push({ row: row.row, act: { do: 'alter-unit', unitNo, set } });
  if (areaM2 && !sameValue(areaM2, standing.areaM2)) {
    acts.push({ row: row.row, act: { do: 'adopt-area', unitNo, from: 'stated', areaM2, reason } });
  } else if (adopt) {
    const from = adopt === 'declared' ? 'declaredAreaM2' : 'measuredAreaM2';
    const would = set[from] ?? standing[from];
    if (!sameValue(would, standing.areaM2))
      acts.push({ row: row.row, act: { do: 'adopt-area', unitNo, from: adopt, reason } });
  }
  return acts;
}

function ofOwner(row: BulkRow, current: PropertyDocument | null, { effectiveOn, faults }: Given): RowAct[] {
  const told = toldOf(row, ownerColumns);
  if (!Object.keys(told).length) return [];
  const ownerNo = row.cells['owner_no'] ? wholeNumber(row, 'owner_no', faults) : undefined;
  if (ownerNo === null) return [];
  if (ownerNo === undefined && current) {
    faults.push(fault(row, 'owner_no', 'is empty', 'Give the number of the owner; a free one adds him'));
    return [];
  }
  const standing = current?.owners.find((owner) => owner.ownerNo === ownerNo && holdsOn(owner, effectiveOn));
  if (!standing) return [{ row: row.row, act: { do: 'add-owner', share: '1', ...told, ownerNo } }];
  const set = differing(told, standing as unknown as Record<string, unknown>);
  return Object.keys(set).length ? [{ row: row.row, act: { do: 'alter-owner', ownerNo, set } }] : [];
}

/** The one value that the rows of a property give for a column; two that differ are a fault. */
function onlyValue(rows: readonly BulkRow[], column: string, fallback: string | null, faults: RowFault[]) {
  const given = rows.filter(({ cells }) => cells[column]);
  const value = given[0]?.cells[column] ?? fallback;
  const other = given.find(({ cells }) => cells[column] !== value);
  if (other) {
    const remedy = 'Write the same in all rows of the property, or leave the cell empty';
    faults.push(fault(other, column, `differs from "${value}" in row ${given[0]!.row}`, remedy));
  }
  return value;
}

function wholeNumber(row: BulkRow, column: string, faults: RowFault[]): number | null {
  const text = row.cells[column] ?? '';
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  faults.push(fault(row, column, 'is no number of a unit or owner', 'Write a whole number from 1 on'));
  return null;
}

function differing(
  told: Record<string, unknown>,
  standing: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(told).filter(([field, value]) => !sameValue(value, standing[field])),
  );
}

/** 80, 80.0 and 80.0000 are one value; so are 1/2 and 0.5, which only shares are written as. */
function sameValue(one: unknown, other: unknown): boolean {
  if (/[/%]/.test(String(one)) && parseShare(String(one)) !== null) {
    return parseShare(String(one)) === parseShare(String(other));
  }
  const plain = (value: unknown) =>
    String(value ?? '')
      .replace(/^(\d+)\.(\d*?)0+$/, '$1.$2')
      .replace(/\.$/, '');
  return plain(one) === plain(other);
}

/** What is said of a cell. The values of owners are persons' and stay out of reports. */
export function fault(row: BulkRow, column: string | null, message: string, remedy: string): RowFault {
  const cell = column === null ? null : (row.cells[column] ?? '');
  const value = column !== null && /^owner_(name|mobile)/.test(column) ? null : cell;
  return { row: row.row, column, value: value?.slice(0, 100) ?? null, message, remedy };
}
