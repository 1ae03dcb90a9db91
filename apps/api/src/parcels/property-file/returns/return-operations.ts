import type { UnitState } from '../property-document.js';
import type { Operation } from '../property-file.schema.js';
import type { Acceptance, DeclaredUnit } from './returns.schema.js';

/**
 * What an accepted return changes: declared areas, and use, occupancy, structure and floor where they differ. The
 * adopted area, which taxes, follows for the units that the officer names and for no other. A unit of the roll that
 * was not declared is left as it is.
 */
export function operationsOf(
  declared: readonly DeclaredUnit[],
  units: readonly UnitState[],
  { adopt, adoptNew, reason }: Acceptance,
): Operation[] {
  return declared.flatMap((unit): Operation[] => {
    const { unitNo, declaredAreaM2, use, floor, occupancy, structure } = unit;
    const standing = units.find((each) => each.unitNo === unitNo);
    if (!standing || unitNo === null) {
      const areaM2 = adoptNew ? declaredAreaM2 : null;
      return [{ do: 'add-unit', use, floor, occupancy, structure, declaredAreaM2, areaM2 }];
    }
    const told = { use, floor, occupancy, structure };
    const set = Object.fromEntries(
      Object.entries(told).filter(
        ([field, value]) => value !== null && value !== standing[field as keyof typeof told],
      ),
    );
    const acts: Operation[] = [{ do: 'alter-unit', unitNo, set: { ...set, declaredAreaM2 } }];
    if (adopt.includes(unitNo)) acts.push({ do: 'adopt-area', unitNo, from: 'declared', reason });
    return acts;
  });
}
