import type { UnitState } from '../property-document.js';
import type { DeclaredUnit } from './returns.schema.js';

/** What the map says of the land of a property. Areas are decimals as text, on the ellipsoid. */
export interface MapFigures {
  parcels: number;
  landAreaM2: string | null;
  buildings: number;
  footprintM2: string | null;
  /** Footprints times their floors; a building whose floors nobody counted has one. */
  floorAreaM2: string | null;
  buildingsWithoutFloors: number;
  /** Other active properties on the same land. */
  otherProperties: number;
}

/** One comparison of a return with the roll or the map, with its figures. */
export interface Finding {
  kind:
    | 'area-against-roll'
    | 'area-against-measured'
    | 'area-against-map'
    | 'use'
    | 'occupancy'
    | 'structure'
    | 'floor'
    | 'unit-new'
    | 'unit-not-declared'
    | 'map-silent';
  unitNo: number | null;
  declared: string | null;
  against: string | null;
  /** How much more (or, below nothing, less) is declared, in percent with one decimal; null where it is no amount. */
  percent: string | null;
  /** True where an officer must look: beyond the tolerance, or not the same. */
  beyond: boolean;
  /** Why the map says nothing, or what its figure rests on. */
  note: 'no-parcel' | 'no-building' | 'shared-land' | 'floors-assumed' | null;
}

/**
 * A variation above this share of the roll's figure is looked into (Madhya Pradesh ALV Rules 1997, rule 10: "more than
 * 10 per cent"). Exactly 10 % is within.
 */
export const tolerancePercent = 10;

/** Every unit against the roll and what was measured, and all of them against the map. */
export function checkReturn(
  declared: readonly DeclaredUnit[],
  units: readonly UnitState[],
  map: MapFigures,
): Finding[] {
  const findings = declared.flatMap((unit) => ofUnit(unit, units));
  const told = new Set(declared.map(({ unitNo }) => unitNo));
  for (const unit of units.filter(({ unitNo }) => !told.has(unitNo))) {
    findings.push({
      ...nothing,
      kind: 'unit-not-declared',
      unitNo: unit.unitNo,
      against: unit.areaM2,
      beyond: true,
    });
  }
  return [...findings, ...ofMap(declared, map)];
}

const nothing = { unitNo: null, declared: null, against: null, percent: null, beyond: false, note: null };

function ofUnit(unit: DeclaredUnit, units: readonly UnitState[]): Finding[] {
  const { unitNo, declaredAreaM2: declared } = unit;
  const standing = units.find((each) => each.unitNo === unitNo);
  if (!standing) return [{ ...nothing, kind: 'unit-new', unitNo, declared, beyond: true }];
  const findings: Finding[] = [];
  const { areaM2, measuredAreaM2 } = standing;
  if (areaM2) findings.push({ ...compared(declared, areaM2), kind: 'area-against-roll', unitNo, note: null });
  if (measuredAreaM2) {
    findings.push({
      ...compared(declared, measuredAreaM2),
      kind: 'area-against-measured',
      unitNo,
      note: null,
    });
  }
  for (const kind of ['use', 'occupancy', 'structure', 'floor'] as const) {
    const [said, had] = [unit[kind], standing[kind]];
    if (said === null || said === had) continue;
    findings.push({ ...nothing, kind, unitNo, declared: said, against: had, beyond: true });
  }
  return findings;
}

function ofMap(declared: readonly DeclaredUnit[], map: MapFigures): Finding[] {
  const silent = (note: Finding['note']): Finding[] => [{ ...nothing, kind: 'map-silent', note }];
  if (map.parcels === 0) return silent('no-parcel');
  if (map.buildings === 0 || !map.floorAreaM2) return silent('no-building');
  // Buildings of shared land are those of all its properties: no share of them is this one's by right.
  if (map.otherProperties > 0) return silent('shared-land');
  const total = declared.reduce((sum, unit) => sum + tenThousandths(unit.declaredAreaM2), 0n);
  const note = map.buildingsWithoutFloors > 0 ? 'floors-assumed' : null;
  return [{ ...compared(decimal(total), map.floorAreaM2), kind: 'area-against-map', unitNo: null, note }];
}

/** Declared against a figure, exactly: no float decides whether somebody is looked into. */
function compared(declared: string, against: string) {
  const [said, had] = [tenThousandths(declared), tenThousandths(against)];
  if (had === 0n) return { declared, against, percent: null, beyond: said > 0n };
  const difference = said - had;
  const amount = difference < 0n ? -difference : difference;
  const thousandths = (amount * 2000n + had) / (had * 2n);
  const sign = difference < 0n && thousandths > 0n ? '-' : '';
  const percent = `${sign}${thousandths / 10n}.${thousandths % 10n}`;
  return { declared, against, percent, beyond: amount * 100n > had * BigInt(tolerancePercent) };
}

function tenThousandths(area: string): bigint {
  const [whole = '0', places = ''] = area.split('.');
  return BigInt(whole + places.slice(0, 4).padEnd(4, '0'));
}

function decimal(area: bigint): string {
  return `${area / 10_000n}.${(area % 10_000n).toString().padStart(4, '0')}`;
}
