import type { Context } from '../../apps/api/src/platform/database/tx.js';
import type { PlantedLand } from '../../geodata/planted.js';
import type { TestDatabase } from './database.js';

/** What came of the planted omissions of one kind. */
export interface Score {
  kind: string;
  planted: number;
  found: number;
  /** Findings of the kind where nothing of the kind was planted. */
  wrong: number;
  recall: number;
  precision: number;
}

/** Puts a made-up roll for parcels that are there: land by `parcel_no`, positions from the places given by key. */
export async function enterRoll(
  db: TestDatabase,
  ctx: Context,
  lands: readonly PlantedLand[],
  places: ReadonlyMap<string, { lon: number; lat: number; parcels: readonly string[] }>,
): Promise<void> {
  const accounts = lands.flatMap((land) =>
    land.accounts.map((account) => {
      const place = places.get(land.key)!;
      const facts = account.linkedBy === 'position' ? { lon: `${place.lon}`, lat: `${place.lat}` } : {};
      return { ...account, facts, parcels: account.linkedBy === 'parcel' ? place.parcels : [] };
    }),
  );
  await db.owner.query(
    `WITH given AS (SELECT uuid_v7() AS id, a.* FROM jsonb_to_recordset($2::jsonb)
         AS a(number text, facts jsonb, parcels text[], units jsonb)),
       property AS (INSERT INTO properties (ulb_id, id, number, ward_number, zone_number, no_parcel_reason, facts, recorded_at)
         SELECT $1, id, number, '7', 'B', CASE WHEN parcels = '{}' THEN 'not_mapped' END, facts, $3 FROM given RETURNING id),
       land AS (INSERT INTO property_parcels (ulb_id, property_id, parcel_id)
         SELECT $1, g.id, p.id FROM given g CROSS JOIN LATERAL unnest(g.parcels) AS no
         JOIN parcels p ON p.ulb_id = $1 AND p.parcel_no = no RETURNING property_id)
     INSERT INTO units (ulb_id, property_id, unit_no, effective, floor, use, structure, occupancy, area_m2,
       declared_area_m2, recorded_at)
     SELECT $1, g.id, u.no, '[2020-04-01,)', u.unit ->> 'floor', u.unit ->> 'use', u.unit ->> 'structure',
       u.unit ->> 'occupancy', (u.unit ->> 'areaM2')::numeric, (u.unit ->> 'areaM2')::numeric, $3
     FROM given g CROSS JOIN LATERAL jsonb_array_elements(g.units) WITH ORDINALITY AS u(unit, no)
     WHERE (SELECT count(*) FROM property) > 0 AND (SELECT count(*) FROM land) >= 0`,
    [ctx.ulbId, JSON.stringify(accounts), ctx.now],
  );
}

/** Precision and recall, kind by kind and over all (`all`), of findings against what was planted. Keys are `kind key`. */
export function score(planted: ReadonlySet<string>, found: ReadonlySet<string>): Score[] {
  const kindOf = (key: string) => key.split(' ')[0]!;
  const kinds = [...new Set([...planted, ...found].map(kindOf))].sort();
  return [...kinds, 'all'].map((kind) => {
    const of = (keys: ReadonlySet<string>) =>
      [...keys].filter((key) => kind === 'all' || kindOf(key) === kind);
    const [want, have] = [of(planted), of(found)];
    const hits = have.filter((key) => planted.has(key)).length;
    return {
      kind,
      planted: want.length,
      found: hits,
      wrong: have.length - hits,
      recall: want.length ? hits / want.length : 1,
      precision: have.length ? hits / have.length : 1,
    };
  });
}

/** The table that the test prints. */
export function scoreLines(title: string, scores: readonly Score[]): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);
  const lines = scores.map(
    (each) =>
      `${each.kind.padEnd(15)}${String(each.planted).padStart(8)}${String(each.found).padStart(8)}` +
      `${String(each.wrong).padStart(8)}${percent(each.recall)}${percent(each.precision)}`,
  );
  return `${title}\n${'kind'.padEnd(15)} planted   found   wrong  recall precision\n${lines.join('\n')}\n`;
}
