import type { ChangeDetail, Operation, PropertyFile } from '../../api/property-file.js';
import { bareArea, type Draft, draftOf, type FloorRow, newOwner } from './draft.js';
import { writeDay } from './day-text.js';

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
const texts = (given: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [name, text(value)]));

const blankFloor: FloorRow = {
  key: '',
  unitNo: null,
  floor: '',
  use: '',
  occupancy: '',
  structure: '',
  yearBuilt: '',
  areaM2: '',
  declaredAreaM2: '',
  measuredAreaM2: '',
  adopted: null,
  ended: false,
};

/** A change of one's own as an entry again, so that it can be mended. `file` is the property as it stands, if it does. */
export function draftAgain(change: ChangeDetail, file: PropertyFile | null, blank: Draft, now: Date): Draft {
  const base = file
    ? draftOf(file, now)
    : { ...blank, floors: [], owners: [], propertyId: change.propertyId };
  const draft: Draft = {
    ...base,
    changeId: change.id,
    effectiveOn: writeDay(change.effectiveOn),
    document: text(change.document),
    reason: change.reason,
  };
  for (const operation of change.operations) redo(draft, operation);
  return draft;
}

function redo(draft: Draft, { do: act, ...given }: Operation): void {
  const { set, unitNo, ownerNo } = given as {
    set?: Record<string, unknown>;
    unitNo?: number;
    ownerNo?: number;
  };
  const floor = draft.floors.find((row) => row.unitNo === unitNo && row.unitNo !== null);
  const owner = draft.owners.find((row) => row.ownerNo === ownerNo && row.ownerNo !== null);
  switch (act) {
    case 'create-property': {
      const { parcelIds = [], noParcelReason: _, facts: __, ...fields } = given as Record<string, unknown>;
      Object.assign(draft, texts(fields), { parcelIds });
      return;
    }
    case 'alter-property':
      Object.assign(draft, texts(set ?? {}));
      return;
    case 'retire-property':
      draft.retire = true;
      return;
    case 'add-unit': {
      const { facts: _, unitNo: __, capitalValue: ___, ...fields } = given;
      draft.floors.push({ ...blankFloor, ...texts(fields), key: crypto.randomUUID() });
      return;
    }
    case 'alter-unit':
      if (floor) Object.assign(floor, texts(set ?? {}));
      return;
    case 'adopt-area':
      if (floor) adopt(floor, given);
      return;
    case 'retire-unit':
      if (floor) floor.ended = true;
      return;
    case 'add-owner': {
      const { ownerNo: _, ...fields } = given;
      draft.owners.push({ ...newOwner('1'), ...texts(fields) });
      return;
    }
    case 'alter-owner':
      if (owner) Object.assign(owner, texts(set ?? {}));
      return;
    case 'end-owner':
      if (owner) owner.ended = true;
  }
}

function adopt(floor: FloorRow, given: Record<string, unknown>): void {
  const from = given['from'];
  if (from === 'declared' || from === 'measured') {
    floor.adopted = from;
    floor.areaM2 = from === 'declared' ? floor.declaredAreaM2 : floor.measuredAreaM2;
  } else floor.areaM2 = bareArea(given['areaM2']);
}
