import { describe, expect, it } from '@jest/globals';
import { applyOperations } from './apply-operations.js';
import {
  emptyDocument,
  type OwnerState,
  type PropertyDocument,
  type UnitState,
} from './property-document.js';
import type { Operation } from './property-file.schema.js';

const unit = (unitNo: number, more: Partial<UnitState> = {}): UnitState => ({
  unitNo,
  from: '2020-04-01',
  to: null,
  recordedAt: '2020-04-01T00:00:00Z',
  floor: 'ground',
  use: 'residential',
  structure: 'pucca',
  occupancy: 'self',
  yearBuilt: 1995,
  areaM2: '80.0000',
  declaredAreaM2: null,
  measuredAreaM2: null,
  capitalValue: null,
  facts: {},
  ...more,
});
const owner = (ownerNo: number, share: string, more: Partial<OwnerState> = {}): OwnerState => ({
  ownerNo,
  from: '2020-04-01',
  to: null,
  recordedAt: '2020-04-01T00:00:00Z',
  name: `Owner ${ownerNo}`,
  nameLocal: null,
  mobile: null,
  share,
  class: 'none',
  ...more,
});
function house(given: Partial<PropertyDocument> = {}): PropertyDocument {
  const empty = emptyDocument();
  const property = { ...empty.property, number: 'A-1', wardNumber: '1' };
  return { ...empty, property, units: [unit(1)], owners: [owner(1, '1.00000000')], ...given };
}
const done = (operations: Operation[], base = house(), day = '2026-10-01') =>
  applyOperations(base, day, operations);
/** `area from to` of each state of a unit. */
const states = (document: PropertyDocument, unitNo = 1) =>
  document.units
    .filter((each) => each.unitNo === unitNo)
    .map((each) => `${each.use} ${each.areaM2} ${each.from}..${each.to ?? ''}`)
    .sort();
const said = ({ faults }: { faults: { where: string; message: string }[] }) =>
  faults.map(({ where, message }) => `${where}: ${message}`);

describe('a unit that is altered from a day on', () => {
  it('ends its state before that day and keeps it on record', () => {
    const { document, faults } = done([{ do: 'alter-unit', unitNo: 1, set: { use: 'commercial' } }]);
    expect(faults).toEqual([]);
    expect(states(document)).toEqual([
      'commercial 80.0000 2026-10-01..',
      'residential 80.0000 2020-04-01..2026-10-01',
    ]);
  });

  it('is corrected in place where the state began on that very day', () => {
    const { document } = done(
      [{ do: 'alter-unit', unitNo: 1, set: { use: 'commercial' } }],
      house(),
      '2020-04-01',
    );
    expect(states(document)).toEqual(['commercial 80.0000 2020-04-01..']);
  });

  it('carries a correction through later states until that very fact changed again', () => {
    const base = house({
      units: [
        unit(1, { to: '2024-04-01' }),
        unit(1, { from: '2024-04-01', to: '2025-04-01', use: 'commercial' }),
        unit(1, { from: '2025-04-01', use: 'commercial', areaM2: '100.0000' }),
      ],
    });
    const adopt: Operation = {
      do: 'adopt-area',
      unitNo: 1,
      from: 'stated',
      areaM2: '90',
      reason: 'measured',
    };
    expect(states(done([adopt], base, '2022-04-01').document)).toEqual([
      'commercial 100.0000 2025-04-01..',
      'commercial 90 2024-04-01..2025-04-01',
      'residential 80.0000 2020-04-01..2022-04-01',
      'residential 90 2022-04-01..2024-04-01',
    ]);
  });

  it('must stand on that day', () => {
    const retired = house({ units: [unit(1, { to: '2025-04-01' })] });
    const alter: Operation = { do: 'alter-unit', unitNo: 1, set: { use: 'commercial' } };
    expect(said(done([alter], retired))).toEqual(['/operations/0/unitNo: Unit 1 ended on 2025-04-01']);
    expect(said(done([alter], house({ units: [] })))).toEqual([
      '/operations/0/unitNo: The property has no unit 1',
    ]);
    const later = house({ units: [unit(1, { from: '2027-04-01' })] });
    expect(said(done([alter], later))[0]).toContain('is recorded from 2027-04-01 on, not on 2026-10-01');
  });
});

describe('the adopted area', () => {
  it('is left alone by what is declared and what is measured', () => {
    const set = { declaredAreaM2: '95.5', measuredAreaM2: '101.25' };
    const { document } = done([{ do: 'alter-unit', unitNo: 1, set }]);
    expect(document.units.find((each) => each.to === null)).toMatchObject({ ...set, areaM2: '80.0000' });
  });

  it('follows either only by an act that names it, to the last digit', () => {
    const set = { declaredAreaM2: '95.5', measuredAreaM2: '101.2534' };
    const operations: Operation[] = [
      { do: 'alter-unit', unitNo: 1, set },
      { do: 'adopt-area', unitNo: 1, from: 'measured', reason: 'Measured on site' },
    ];
    expect(states(done(operations).document)[1]).toBe('residential 80.0000 2020-04-01..2026-10-01');
    expect(states(done(operations).document)[0]).toBe('residential 101.2534 2026-10-01..');
  });

  it('cannot follow an area that nobody declared', () => {
    const { faults } = done([{ do: 'adopt-area', unitNo: 1, from: 'declared', reason: 'as filed' }]);
    expect(faults).toMatchObject([{ where: '/operations/0/from' }]);
  });
});

describe('a unit that is added', () => {
  it('takes the next number and holds from the day', () => {
    const { document, faults } = done([{ do: 'add-unit', use: 'commercial', areaM2: '20' }]);
    expect(faults).toEqual([]);
    expect(states(document, 2)).toEqual(['commercial 20 2026-10-01..']);
  });

  it('cannot overlap one of its number', () => {
    const [fault] = said(done([{ do: 'add-unit', unitNo: 1, use: 'commercial' }]));
    expect(fault).toBe(
      '/operations/0/unitNo: There is unit 1 already, from 2020-04-01 on: alter it, or leave its number out to add another',
    );
  });

  it('may take the number of one that has ended', () => {
    const base = house({ units: [unit(1, { to: '2025-04-01' })] });
    expect(done([{ do: 'add-unit', unitNo: 1, use: 'commercial' }], base).faults).toEqual([]);
  });
});

describe('shares', () => {
  const sell: Operation[] = [
    { do: 'alter-owner', ownerNo: 1, set: { share: '1/2' } },
    { do: 'add-owner', name: 'Sita Jain', share: '50%', class: 'none' },
  ];

  it('make one after a part is sold, and were one before', () => {
    const { document, faults } = done(sell);
    expect(faults).toEqual([]);
    expect(
      document.owners.map((each) => `${each.ownerNo} ${each.share} ${each.from}..${each.to ?? ''}`),
    ).toEqual([
      '1 1.00000000 2020-04-01..2026-10-01',
      '1 0.50000000 2026-10-01..',
      '2 0.50000000 2026-10-01..',
    ]);
  });

  it('that do not sum to one are refused with what is missing and from which day', () => {
    const [fault] = said(done([{ do: 'add-owner', name: 'Sita Jain', share: '1/4', class: 'none' }]));
    expect(fault).toContain('/operations/0/share: From 2026-10-01 on');
    expect(fault).toContain('0.25000000 is too much (owner 1: 1.00000000, owner 2: 0.25000000)');
  });

  it('are summed on every later day too', () => {
    const base = house({
      owners: [
        owner(1, '0.50000000'),
        owner(2, '0.50000000', { to: '2027-01-01' }),
        owner(3, '0.50000000', { from: '2027-01-01' }),
      ],
    });
    const [fault] = said(
      done([{ do: 'alter-owner', ownerNo: 3, set: { share: '0.4' } }], base, '2027-01-01'),
    );
    expect(fault).toContain('From 2027-01-01 on the shares of all owners must make 1; 0.10000000 is missing');
    expect(done([{ do: 'alter-owner', ownerNo: 1, set: { class: 'widow' } }], base).faults).toEqual([]);
  });

  it('of an owner who ends go to nobody by themselves', () => {
    expect(said(done([...sell, { do: 'end-owner', ownerNo: 1 }]))[0]).toContain('0.50000000 is missing');
  });
});

describe('a property', () => {
  it('that is retired ends its units and owners on the day, and is altered no more', () => {
    const { document, faults } = done([{ do: 'retire-property' }, { do: 'retire-unit', unitNo: 1 }]);
    expect(document.property.status).toBe('retired');
    expect([...document.units, ...document.owners].map(({ to }) => to)).toEqual(['2026-10-01', '2026-10-01']);
    expect(faults).toMatchObject([{ where: '/operations/1/do' }]);
  });

  it('is created by the first act only, with land or the reason why there is none', () => {
    const create: Operation = {
      do: 'create-property',
      number: 'N-1',
      wardNumber: '1',
      parcelIds: [],
      noParcelReason: 'not_mapped',
    };
    const { document, faults } = done([create, { do: 'add-unit', use: 'residential' }], emptyDocument());
    expect(faults).toEqual([]);
    expect(document.property).toMatchObject({
      number: 'N-1',
      noParcelReason: 'not_mapped',
      status: 'active',
    });
    expect(done([create]).faults).toMatchObject([{ where: '/operations/0/do' }]);
    expect(done([{ do: 'retire-property' }], emptyDocument()).faults).toHaveLength(1);
  });

  it('has facts set one by one and taken away by null', () => {
    const base = house();
    base.property.facts = { lift: true, well: 1 };
    const { document } = done([{ do: 'alter-property', set: { facts: { well: null, depth: 3 } } }], base);
    expect(document.property.facts).toEqual({ lift: true, depth: 3 });
  });
});
