/** Uses by which the roll is filtered, as units carry them. */
export const propertyUses = [
  'residential',
  'commercial',
  'industrial',
  'mixed',
  'institutional',
  'government',
  'religious',
  'vacant',
] as const;
