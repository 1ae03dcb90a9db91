import { describe, expect, it } from '@jest/globals';
import type { UnitState } from '../property-document.js';
import { checkReturn, type Finding, type MapFigures } from './return-check.js';
import type { DeclaredUnit } from './returns.schema.js';

const unit = (unitNo: number, areaM2: string, more: Partial<UnitState> = {}): UnitState => ({
  unitNo,
  from: '2020-04-01',
  to: null,
  recordedAt: null,
  floor: 'ground',
  use: 'residential',
  structure: 'pucca',
  occupancy: 'self',
  yearBuilt: null,
  areaM2,
  declaredAreaM2: null,
  measuredAreaM2: null,
  capitalValue: null,
  facts: {},
  ...more,
});
const said = (
  unitNo: number | null,
  declaredAreaM2: string,
  more: Partial<DeclaredUnit> = {},
): DeclaredUnit => ({
  unitNo,
  floor: null,
  use: 'residential',
  occupancy: null,
  structure: null,
  declaredAreaM2,
  ...more,
});
const noMap: MapFigures = {
  parcels: 0,
  landAreaM2: null,
  buildings: 0,
  footprintM2: null,
  floorAreaM2: null,
  buildingsWithoutFloors: 0,
  otherProperties: 0,
};
const house: MapFigures = {
  ...noMap,
  parcels: 1,
  buildings: 1,
  footprintM2: '100.000',
  floorAreaM2: '200.000',
};
const short = (findings: Finding[]) =>
  findings.map(
    (each) => `${each.kind} ${each.unitNo ?? ''} ${each.percent ?? each.note ?? ''} ${each.beyond}`,
  );

describe('the check of a return', () => {
  it.each([
    ['110', '10.0 false'],
    ['110.0001', '10.0 true'],
    ['90', '-10.0 false'],
    ['89.99', '-10.0 true'],
    ['100.04', '0.0 false'],
    ['55', '-45.0 true'],
  ])('%s m2 declared where the roll has 100 is %s', (area, expected) => {
    expect(short(checkReturn([said(1, area)], [unit(1, '100.0000')], noMap))[0]).toBe(
      `area-against-roll 1 ${expected}`,
    );
  });

  it('compares with what was measured, and with use and occupancy of the roll', () => {
    const units = [unit(1, '100.0000', { measuredAreaM2: '125.0000' })];
    const declared = [said(1, '100', { use: 'commercial', occupancy: 'self' })];
    expect(short(checkReturn(declared, units, noMap))).toEqual([
      'area-against-roll 1 0.0 false',
      'area-against-measured 1 -20.0 true',
      'use 1  true',
      'map-silent  no-parcel false',
    ]);
  });

  it('tells units that only one of the two knows', () => {
    const findings = checkReturn(
      [said(1, '80'), said(null, '40')],
      [unit(1, '80.0000'), unit(2, '30.0000')],
      noMap,
    );
    expect(short(findings).slice(1, 3)).toEqual(['unit-new   true', 'unit-not-declared 2  true']);
  });

  it('compares the sum with footprints times floors', () => {
    const units = [unit(1, '80.0000'), unit(2, '70.0000')];
    const findings = checkReturn([said(1, '80'), said(2, '70')], units, house);
    expect(findings.at(-1)).toMatchObject({
      kind: 'area-against-map',
      declared: '150.0000',
      against: '200.000',
      percent: '-25.0',
      beyond: true,
      note: null,
    });
  });

  it('says why the map is silent, and where it only assumes', () => {
    const of = (map: Partial<MapFigures>) =>
      checkReturn([said(1, '80')], [unit(1, '80')], { ...house, ...map }).at(-1);
    expect(of({ otherProperties: 3 })).toMatchObject({
      kind: 'map-silent',
      note: 'shared-land',
      beyond: false,
    });
    expect(of({ buildings: 0, floorAreaM2: null })).toMatchObject({ note: 'no-building' });
    expect(of({ buildingsWithoutFloors: 1 })).toMatchObject({
      kind: 'area-against-map',
      note: 'floors-assumed',
    });
  });
});
