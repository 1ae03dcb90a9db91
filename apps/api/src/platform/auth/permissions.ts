/** Every permission as noun:verb. A route names exactly one of them; a route that names none is closed. */
export const permissions = [
  'layers:read',
  'layers:import',
  'layers:export',
  'parcels:write',
  'lights:write',
  'roads:write',
  'wards:write',
  'issues:read',
  'roll:read',
  'roll:import',
  'properties:edit',
  'properties:approve',
  'owners:read',
  'owners:reveal',
  'assessments:read',
  'assessments:run',
  'assessments:publish',
  'tariffs:read',
  'tariffs:simulate',
  'tariffs:edit',
  'tariffs:approve',
  'tariffs:install',
  'ledger:read',
  'discovery:read',
  'discovery:run',
  'discovery:verify',
  'discovery:decide',
  'equity:read',
  'sales:import',
  'users:manage',
  'tokens:own',
  'session:own',
  'audit:read',
] as const;

export type Permission = (typeof permissions)[number];

const everyone: Permission[] = ['layers:read', 'tokens:own', 'session:own'];

/** What each role may do. Scope (municipality, wards) comes from the account, not from the role. */
export const roles = {
  surveyor: [...everyone, 'parcels:write', 'issues:read', 'roll:read', 'discovery:read', 'discovery:verify'],
  'revenue-officer': [
    ...everyone,
    'layers:export',
    'issues:read',
    'roll:read',
    'roll:import',
    'properties:edit',
    'properties:approve',
    'owners:read',
    'owners:reveal',
    'assessments:read',
    'assessments:run',
    'assessments:publish',
    'tariffs:read',
    'tariffs:simulate',
    'tariffs:edit',
    'ledger:read',
    'discovery:read',
    'discovery:run',
    'discovery:verify',
    'discovery:decide',
    'equity:read',
    'sales:import',
  ],
  cashier: [...everyone, 'roll:read', 'owners:read', 'assessments:read', 'ledger:read'],
  'road-engineer': [...everyone, 'layers:export', 'roads:write', 'issues:read'],
  'lighting-engineer': [...everyone, 'layers:export', 'lights:write', 'issues:read'],
  'ward-officer': [
    ...everyone,
    'issues:read',
    'roll:read',
    'assessments:read',
    'discovery:read',
    'discovery:verify',
  ],
  commissioner: [
    ...everyone,
    'layers:export',
    'issues:read',
    'roll:read',
    'owners:read',
    'assessments:read',
    'assessments:publish',
    'tariffs:read',
    'tariffs:simulate',
    'tariffs:approve',
    'ledger:read',
    'audit:read',
    'discovery:read',
    'equity:read',
  ],
  administrator: [...permissions],
} as const satisfies Record<string, readonly Permission[]>;

export type Role = keyof typeof roles;

export function isRole(name: string): name is Role {
  return Object.hasOwn(roles, name);
}
