import type { Tariff } from '../api/types.js';

/** Financial years compare as texts: all are written alike. */
export function covers({ appliesFromFy, appliesToFy }: Tariff, fy: string): boolean {
  return (appliesFromFy === null || appliesFromFy <= fy) && (appliesToFy === null || fy <= appliesToFy);
}
