/** Classes of change, from a fall by more than half to a rise by more than half; 4 is no change. */
export const changeClasses = 9;
/** A parcel of which no property could be reckoned on both sides. */
export const notComparable = 9;

/**
 * The class of a change from `present` to `proposed` paise, neither negative: 0 below -50 %, 1 to -25 %, 2 to -10 %, 3
 * below 0, 4 none, 5 to 10 %, 6 to 25 %, 7 to 50 %, 8 above, or owing for the first time. Whole numbers only.
 */
export function changeClass(present: bigint, proposed: bigint): number {
  if (proposed === present) return 4;
  if (proposed < present) {
    if (proposed * 2n < present) return 0;
    if (proposed * 4n < present * 3n) return 1;
    return proposed * 10n < present * 9n ? 2 : 3;
  }
  if (proposed * 10n <= present * 11n) return 5;
  if (proposed * 4n <= present * 5n) return 6;
  return proposed * 2n <= present * 3n ? 7 : 8;
}

/** The same in SQL, of two columns or expressions of type bigint or numeric. */
export function changeClassSql(p: string, q: string): string {
  return `CASE WHEN ${q} = ${p} THEN 4
    WHEN ${q} < ${p} THEN CASE WHEN ${q} * 2 < ${p} THEN 0 WHEN ${q} * 4 < ${p} * 3 THEN 1 WHEN ${q} * 10 < ${p} * 9 THEN 2
      ELSE 3 END
    WHEN ${q} * 10 <= ${p} * 11 THEN 5 WHEN ${q} * 4 <= ${p} * 5 THEN 6 WHEN ${q} * 2 <= ${p} * 3 THEN 7 ELSE 8 END`;
}
