/** What a finding alleges. */
export const findingKinds = [
  'no_account',
  'area',
  'extra_floor',
  'changed_use',
  'vacant_built',
  'vacant_untaxed',
  'demolished',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** The stages of the funnel, and two ends: dismissed with a reason, or lapsed because map and roll agree again. */
export const findingStates = [
  'found',
  'verified',
  'noticed',
  'objected',
  'demanded',
  'paid',
  'dismissed',
  'lapsed',
] as const;
export type FindingState = (typeof findingStates)[number];

/** Which state may follow which. The database holds the same table in `finding_may_become` and refuses the rest. */
export const nextStates: Record<FindingState, readonly FindingState[]> = {
  found: ['verified', 'dismissed', 'lapsed'],
  verified: ['noticed', 'dismissed'],
  noticed: ['objected', 'demanded', 'dismissed'],
  objected: ['demanded', 'dismissed'],
  demanded: ['paid', 'dismissed'],
  paid: [],
  dismissed: [],
  lapsed: [],
};
