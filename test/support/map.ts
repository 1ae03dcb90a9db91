import { createHash } from 'node:crypto';
import type { Layer } from '../../apps/api/src/map/layer.js';
import { parcelLayers } from '../../apps/api/src/parcels/parcels.layer.js';
import { makeSecret } from '../../apps/api/src/platform/auth/credential.js';
import type { Role } from '../../apps/api/src/platform/auth/permissions.js';
import { roadLayers } from '../../apps/api/src/roads/roads.layer.js';
import { streetlightLayers } from '../../apps/api/src/streetlights/streetlights.layer.js';
import { ulbLayers } from '../../apps/api/src/ulbs/ulbs.layer.js';
import type { TestDatabase } from './database.js';

export const layers = [...ulbLayers, ...parcelLayers, ...roadLayers, ...streetlightLayers];

/** Where the synthetic town lies: its south-western corner in degrees. */
export const origin = { lon: 73.8, lat: 18.5 };
/** Side of a synthetic parcel and distance between two, in degrees: about 10.5 and 21 metres. */
export const sideDeg = 0.0001;
export const stepDeg = 0.0002;

/** A layer whose columns are of all degrees of secrecy, on the table of parcels. */
export const secretLayer: Layer = {
  ...layers.find((layer) => layer.name === 'parcels')!,
  name: 'secret_parcels',
  columns: [
    { name: 'parcel_no', type: 'text', label: { en: 'No', hi: 'क्र', mr: 'क्र' }, tileFromZoom: 14 },
    {
      name: 'land_use',
      type: 'text',
      label: { en: 'Use', hi: 'उपयोग', mr: 'वापर' },
      read: 'audit:read',
      tileFromZoom: 14,
    },
    {
      name: 'locality',
      type: 'text',
      label: { en: 'Owner', hi: 'स्वामी', mr: 'मालक' },
      personal: true,
      read: 'owners:read',
      tileFromZoom: 14,
    },
  ],
};

/** The UUID of the `index`th synthetic feature: the same in every run. */
export function idOf(kind: string, index: number): string {
  const hex = createHash('md5').update(`${kind}${index}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export const changesetId = '0195f000-0000-7000-8000-000000000001';

/** The changeset that all synthetic features come from. */
export async function seedChangeset(db: TestDatabase, ulbId: number, id = changesetId): Promise<void> {
  await db.owner.query(
    `INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
     VALUES ($1, $2, 'import', 'applied', 'synthetic', 'meera', '2026-04-01', '2026-04-01')`,
    [ulbId, id],
  );
}

/** `count` square parcels in rows of `perRow`, recorded on 1 April 2026. Their numbers are 0, 1, 2 ... from the origin. */
export async function seedParcels(
  db: TestDatabase,
  ulbId: number,
  count: number,
  perRow = 100,
): Promise<void> {
  await db.owner.query(
    `INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, parcel_no, ward_number, land_use, locality, geom)
     SELECT $1, md5('parcel' || i)::uuid, $2, '2026-04-01T00:00:00+05:30', i::text, (i % 7)::text,
       CASE WHEN i % 3 = 0 THEN 'commercial' ELSE 'residential' END, 'owner ' || i,
       ST_Multi(ST_MakeEnvelope(x, y, x + $3::float8, y + $3::float8, 4326))
     FROM generate_series(0, $4::int - 1) i,
       LATERAL (SELECT $5::float8 + (i % $7::int) * $8::float8 AS x, $6::float8 + (i / $7::int) * $8::float8 AS y) p`,
    [ulbId, changesetId, sideDeg, count, origin.lon, origin.lat, perRow, stepDeg],
  );
  await db.owner.query('ANALYZE parcels');
}

/** A person of the role and an API token of his; returns the value of an Authorization header. */
export async function seedToken(
  db: TestDatabase,
  ulb: { ulbId: number; code: string },
  granted: { role: Role; permissions: string[]; wardNumbers?: string[] },
): Promise<string> {
  const { role, permissions, wardNumbers = null } = granted;
  const { secret, hash } = makeSecret(ulb.code);
  const login = `${role}-${hash.slice(0, 8)}`;
  const id = idOf(hash, 0);
  await db.owner.query(
    `INSERT INTO users (ulb_id, id, login, name, role, ward_numbers, password_hash, created_at)
     VALUES ($1, $2, $3, 'Test', $4, $5, 'x', '2026-04-01')`,
    [ulb.ulbId, id, login, role, wardNumbers],
  );
  await db.owner.query(
    `INSERT INTO api_tokens (ulb_id, token_hash, user_id, name, permissions, created_at)
     VALUES ($1, decode($2, 'hex'), $3, 'test', $4, '2026-04-01')`,
    [ulb.ulbId, hash, id, permissions],
  );
  return `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`;
}
