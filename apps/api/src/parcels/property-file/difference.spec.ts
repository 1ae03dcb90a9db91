import { describe, expect, it } from '@jest/globals';
import { differenceOf } from './difference.js';
import { emptyDocument, type PropertyDocument, type UnitState } from './property-document.js';

const unit = (more: Partial<UnitState>): UnitState => ({
  unitNo: 1,
  from: '2020-04-01',
  to: null,
  recordedAt: null,
  floor: 'ground',
  use: 'residential',
  structure: null,
  occupancy: null,
  yearBuilt: null,
  areaM2: '80.0000',
  declaredAreaM2: null,
  measuredAreaM2: null,
  capitalValue: null,
  facts: {},
  ...more,
});
const house = (...units: UnitState[]): PropertyDocument => ({ ...emptyDocument(), units });
const lines = (before: PropertyDocument | null, after: PropertyDocument) =>
  differenceOf(before, after).map(
    (line) =>
      `${line.noun} ${line.no ?? ''} ${line.change} ${line.field}: ${String(line.before)} -> ${String(line.after)} ` +
      `${line.from ?? ''}..${line.to ?? ''}`,
  );

describe('the difference of two versions', () => {
  it('is nothing where areas are only written otherwise', () => {
    expect(lines(house(unit({})), house(unit({ areaM2: '80' })))).toEqual([]);
  });

  it('tells a field with the days for which it differs', () => {
    const after = house(unit({ to: '2026-10-01' }), unit({ from: '2026-10-01', use: 'commercial' }));
    expect(lines(house(unit({})), after)).toEqual([
      'unit 1 altered use: residential -> commercial 2026-10-01..',
    ]);
  });

  it('tells one line for stretches that differ alike', () => {
    const before = house(unit({ to: '2024-04-01' }), unit({ from: '2024-04-01', use: 'commercial' }));
    const after = structuredClone(before);
    for (const state of after.units) state.areaM2 = '90';
    expect(lines(before, after)).toEqual(['unit 1 altered areaM2: 80 -> 90 2020-04-01..']);
  });

  it('tells each fact of a unit that is new, and of one that has ended', () => {
    expect(lines(house(), house(unit({ from: '2026-10-01' })))).toEqual([
      'unit 1 added floor: null -> ground 2026-10-01..',
      'unit 1 added use: null -> residential 2026-10-01..',
      'unit 1 added areaM2: null -> 80 2026-10-01..',
    ]);
    expect(
      lines(
        house(unit({ floor: null, areaM2: null })),
        house(unit({ floor: null, areaM2: null, to: '2026-10-01' })),
      ),
    ).toEqual(['unit 1 ended use: residential -> null 2026-10-01..']);
  });

  it('tells land and facts of the property', () => {
    const after = house();
    after.property.wardNumber = '2';
    after.parcelIds = ['p'];
    expect(lines(house(), after)).toEqual([
      'property  altered wardNumber: null -> 2 ..',
      'land  altered parcels:  -> p ..',
    ]);
  });
});
