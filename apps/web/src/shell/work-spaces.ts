import {
  IconCalculator,
  IconChartHistogram,
  IconGavel,
  IconHomeSearch,
  IconListDetails,
  IconMap2,
  IconScale,
} from '@tabler/icons-react';
import type { Session } from '../api/types.js';

export type View = 'map' | 'roll' | 'assess' | 'tariffs' | 'simulate' | 'discover' | 'equity';

/** The work spaces that exist, each with the permission that opens it and the key that goes there. */
export const workSpaces = [
  { view: 'map', permission: 'layers:read', icon: IconMap2, key: '1' },
  { view: 'roll', permission: 'roll:read', icon: IconListDetails, key: '2' },
  { view: 'assess', permission: 'assessments:read', icon: IconCalculator, key: '3' },
  { view: 'tariffs', permission: 'tariffs:read', icon: IconGavel, key: '4' },
  { view: 'simulate', permission: 'tariffs:simulate', icon: IconScale, key: '5' },
  { view: 'discover', permission: 'discovery:read', icon: IconHomeSearch, key: '6' },
  { view: 'equity', permission: 'equity:read', icon: IconChartHistogram, key: '7' },
] as const satisfies { view: View; permission: string; icon: unknown; key: string }[];

export const may = (session: Session, permission: string): boolean =>
  session.permissions.includes(permission);

/** Those that this person's role opens. */
export function openTo(session: Session) {
  return workSpaces.filter(({ permission }) => may(session, permission));
}
