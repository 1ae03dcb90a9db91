import { describe, expect, test } from '@jest/globals';
import type { PropertyFile, RollCodes } from '../../api/property-file.js';
import { parseDay, writeDay } from './day-text.js';
import { actsOf, bodyOf, type Draft, draftOf, fieldOf, newDraft, newOwner, nextFloor } from './draft.js';

const codes: RollCodes = {
  floor: ['0', '1', '2'],
  use: ['commercial', 'residential'],
  structure: ['kutcha', 'pucca'],
  occupancy: ['self', 'tenant'],
  class: ['none', 'widow'],
  zone: ['A'],
  byLaw: ['use'],
  wards: [{ number: '1', zoneNumber: 'A' }],
};
const now = new Date('2026-11-22T06:00:00Z');
const dated = { from: '2020-04-01', to: null };
const file: PropertyFile = {
  propertyId: 'p',
  version: 3,
  property: {
    number: 'A-1',
    status: 'active',
    wardNumber: '1',
    zoneNumber: 'A',
    locality: null,
    address: '12 Katra',
    landAreaM2: '100.5000',
    noParcelReason: null,
  },
  units: [
    {
      ...dated,
      unitNo: 1,
      floor: '0',
      use: 'residential',
      structure: 'pucca',
      occupancy: 'self',
      yearBuilt: 1995,
      areaM2: '80.0000',
      declaredAreaM2: '91.5000',
      measuredAreaM2: null,
    },
  ],
  owners: [
    { ...dated, ownerNo: 1, name: 'R•••', nameLocal: null, mobile: null, share: '1.00000000', class: 'none' },
  ],
  parcelIds: [],
  ownersHidden: false,
  open: [],
};
const base = draftOf(file, now);
const acts = (change: (draft: Draft) => void) => {
  const draft = structuredClone(base);
  change(draft);
  return actsOf(draft, base).map(({ act }) => act);
};

describe('a new entry', () => {
  test('begins with what most houses are, and a floor more is one higher with its area to be said', () => {
    const draft = newDraft(codes, now, { kept: { wardNumber: '1', reason: 'Survey' } });
    expect(draft).toMatchObject({
      effectiveOn: '01-04-2026',
      wardNumber: '1',
      reason: 'Survey',
      baseVersion: 0,
    });
    const [first] = draft.floors;
    expect(first).toMatchObject({ floor: '0', use: 'residential', occupancy: 'self', structure: 'pucca' });
    expect(nextFloor({ ...first!, areaM2: '60' }, codes)).toMatchObject({
      floor: '1',
      use: 'residential',
      areaM2: '',
    });
    expect(nextFloor({ ...first!, floor: 'ground' }, codes).floor).toBe('first');
  });

  test('says what was typed and leaves out what was not', () => {
    const draft = newDraft(codes, now, { kept: { wardNumber: '1' } });
    Object.assign(draft, { number: 'B-1', address: ' 9 Katra ' });
    Object.assign(draft.floors[0]!, { areaM2: '60.5', yearBuilt: '1999' });
    draft.owners = [{ ...newOwner('1'), name: 'Sita Jain' }, newOwner('1/2')];
    expect(actsOf(draft, null).map(({ act }) => act)).toEqual([
      {
        do: 'create-property',
        number: 'B-1',
        wardNumber: '1',
        address: '9 Katra',
        noParcelReason: 'not_mapped',
      },
      {
        do: 'add-unit',
        floor: '0',
        use: 'residential',
        occupancy: 'self',
        structure: 'pucca',
        yearBuilt: 1999,
        areaM2: '60.5',
      },
      { do: 'add-owner', name: 'Sita Jain', share: '1', class: 'none' },
    ]);
  });
});

describe('an entry of a property on the roll', () => {
  test('that nobody touched asks for nothing', () => {
    expect(acts(() => undefined)).toEqual([]);
    expect(bodyOf(base, [])).toBeNull();
  });

  test('asks only for what differs, and empties what was emptied', () => {
    expect(
      acts((draft) => {
        draft.address = '';
        draft.floors[0]!.use = 'commercial';
        draft.owners[0]!.share = '1/2';
        draft.owners.push({ ...newOwner('1/2'), name: 'Sita Jain' });
      }),
    ).toEqual([
      { do: 'alter-property', set: { address: null } },
      { do: 'alter-unit', unitNo: 1, set: { use: 'commercial' } },
      { do: 'alter-owner', ownerNo: 1, set: { share: '1/2' } },
      { do: 'add-owner', name: 'Sita Jain', share: '1/2', class: 'none' },
    ]);
  });

  test('adopts an area by an act that names its origin', () => {
    const adopt = (areaM2: string, adopted: 'declared' | null) =>
      acts((draft) => Object.assign(draft.floors[0]!, { areaM2, adopted }) && (draft.reason = 'As filed'));
    expect(adopt('91.5', 'declared')).toEqual([
      { do: 'adopt-area', unitNo: 1, from: 'declared', reason: 'As filed' },
    ]);
    expect(adopt('90', null)).toMatchObject([{ from: 'stated', areaM2: '90' }]);
  });

  test('that retires it asks for nothing else', () => {
    expect(acts((draft) => Object.assign(draft, { retire: true, address: 'x' }))).toEqual([
      { do: 'retire-property' },
    ]);
  });

  test('ends units and owners that were taken out', () => {
    const ended = acts((draft) => {
      draft.floors[0]!.ended = true;
      draft.owners[0]!.ended = true;
    });
    expect(ended).toEqual([
      { do: 'retire-unit', unitNo: 1 },
      { do: 'end-owner', ownerNo: 1 },
    ]);
  });
});

describe('a fault of the server', () => {
  test('is led back to its field', () => {
    const draft = structuredClone(base);
    draft.floors[0]!.use = 'x';
    draft.owners[0]!.share = '2';
    const made = actsOf(draft, base);
    expect(fieldOf('/operations/0/set/use', made)).toBe('unit-1.use');
    expect(fieldOf('/operations/1/share', made)).toBe('owner-1.share');
    expect(fieldOf('/effectiveOn', made)).toBe('effectiveOn');
  });
});

describe('a day', () => {
  test.each([
    ['1-4-2026', '2026-04-01'],
    ['01/04/26', '2026-04-01'],
    ['2026-04-01', '2026-04-01'],
    ['31-2-2026', null],
    ['tomorrow', null],
  ])('%s is read as %s', (typed, day) => expect(parseDay(typed)).toBe(day));
  test('is written as offices write it', () => expect(writeDay('2026-04-01')).toBe('01-04-2026'));
});
