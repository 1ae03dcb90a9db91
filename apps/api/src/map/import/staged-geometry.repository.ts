import type { Layer } from '../layer.js';

/** Kinds that a layer's geometry may come as, without any loss. */
const plainKinds: Record<Layer['geometry'], string[]> = {
  MultiPolygon: ['POLYGON', 'MULTIPOLYGON'],
  LineString: ['LINESTRING'],
  Point: ['POINT'],
};

/** Kinds that may become one, when nothing is lost. */
const otherKinds: Record<Layer['geometry'], string[]> = {
  MultiPolygon: [
    'GEOMETRYCOLLECTION',
    'CURVEPOLYGON',
    'MULTISURFACE',
    'TRIANGLE',
    'TIN',
    'POLYHEDRALSURFACE',
  ],
  LineString: ['MULTILINESTRING', 'COMPOUNDCURVE', 'CIRCULARSTRING', 'MULTICURVE', 'GEOMETRYCOLLECTION'],
  Point: ['MULTIPOINT', 'GEOMETRYCOLLECTION'],
};

/** A change of area below this is a sliver, whatever its share of a tiny polygon. */
const sliverM2 = 1;

/**
 * Parts that lie apart are often drawn as holes outside of their shell. What such a polygon covers is the
 * sum of its
 * rings, while its signed area subtracts what it should add. NULL for every other fault.
 */
const partsSql = `CASE WHEN k.reason LIKE 'Hole lies outside shell%' THEN
  (SELECT sum(ST_Area(ST_Transform(r.geom, $1::int))) FROM ST_Dump(ST_Force2D(k.g))
    AS d, ST_DumpRings(d.geom) AS r) END`;

const quoted = (words: string[]): string => words.map((word) => `'${word}'`).join(', ');

/**
 * SQL of the geometry of a row that needs nothing done to it, else NULL: right kind, valid, few enough
 * vertices, inside
 * the zone ($2 is its box, $3 the most vertices). Almost every row takes this way, and each test is made
 * once.
 */
export function soundGeometrySql(layer: Layer): string {
  const flat = 'CASE WHEN ST_NDims(s.geom) = 2 THEN s.geom ELSE ST_Force2D(s.geom) END';
  const made = layer.geometry === 'MultiPolygon' ? `ST_Multi(${flat})` : flat;
  return `CASE WHEN s.geom @ $2::geometry AND GeometryType(s.geom) IN (${quoted(plainKinds[layer.geometry])})
    AND ST_NPoints(s.geom) <= $3 AND ST_IsValid(s.geom) AND NOT ST_IsEmpty(s.geom) THEN ${made} END`;
}

/** SQL of one row's geometry at rest for kind `g`, as the layer keeps it; NULL where it cannot be made so. */
function fixedSql(layer: Layer): string {
  if (layer.geometry === 'MultiPolygon') {
    return 'ST_Multi(ST_CollectionExtract(ST_MakeValid(ST_CurveToLine(ST_Force2D(k.g))), 3))';
  }
  const single = `CASE WHEN ST_NumGeometries(k.g) = 1 THEN ST_GeometryN(k.g, 1) END`;
  if (layer.geometry === 'Point') return `ST_Force2D(${single})`;
  return `(SELECT CASE WHEN GeometryType(m) = 'LINESTRING' AND ST_IsValid(m) THEN m END
    FROM (SELECT ST_LineMerge(ST_CurveToLine(ST_Force2D(k.g))) AS m) AS merged)`;
}

/**
 * Looks closely at the rows whose geometry was not sound: names what is wrong, and repairs what can be
 * repaired without
 * changing kind or area beyond the tolerance. $1 UTM SRID, $2 box of the zone, $3 most vertices, $4
 * tolerated share.
 */
export function mendGeometrySql(layer: Layer): string {
  const kinds = quoted([...plainKinds[layer.geometry], ...otherKinds[layer.geometry]]);
  const isArea = layer.geometry === 'MultiPolygon';
  const area = (sql: string) => (isArea ? `ST_Area(ST_Transform(${sql}, $1::int))` : '0');
  return `UPDATE import_rows t SET geom = CASE WHEN f.outcome = 'rejected' THEN NULL ELSE f.fixed END,
      geo_rule = f.rule, geo_outcome = f.outcome, geo_message = f.message, geo_value = f.value,
      place = CASE WHEN f.outcome = 'repaired' THEN ST_PointOnSurface(f.fixed) END,
      faults = CASE WHEN f.outcome = 'rejected' THEN t.faults || 0 ELSE t.faults END
    FROM (
      SELECT s.row_no, w.rule AS wrong, x.fixed, c.*
      FROM import_rows b JOIN import_stage s ON s.row_no = b.row_no
      CROSS JOIN LATERAL (SELECT s.geom AS g, GeometryType(s.geom) AS kind, ST_NPoints(s.geom) AS points,
        CASE WHEN ST_NPoints(s.geom) <= $3 THEN ST_IsValidReason(s.geom) END AS reason OFFSET 0) AS k
      CROSS JOIN LATERAL (SELECT CASE
        WHEN k.g IS NULL THEN 'geometry-missing'
        WHEN k.points > $3 THEN 'too-many-vertices'
        WHEN (k.reason ~ 'Invalid Coordinate|Exception' OR k.points <= 4) AND ST_AsText(k.g) ~* 'nan|inf'
          THEN 'coordinate-not-a-number'
        WHEN ST_IsEmpty(k.g) OR k.points = 0 THEN 'geometry-empty'
        WHEN NOT k.g @ ST_MakeEnvelope(-180, -90, 180, 90, 4326) THEN 'outside-longitude-latitude'
        WHEN NOT k.g @ $2::geometry THEN 'outside-zone'
        WHEN k.kind NOT IN (${kinds}) THEN 'wrong-geometry-type'
        END AS rule OFFSET 0) AS w
      CROSS JOIN LATERAL (SELECT CASE WHEN w.rule IS NULL THEN ${fixedSql(layer)} END AS fixed OFFSET 0) AS x
      CROSS JOIN LATERAL (SELECT ${area('ST_Force2D(k.g)')} AS before, ${area('x.fixed')} AS after,
          ${isArea ? partsSql : 'NULL::float8'} AS parts
        WHERE x.fixed IS NOT NULL UNION ALL SELECT NULL, NULL, NULL WHERE x.fixed IS NULL) AS a
      CROSS JOIN LATERAL (${verdictSql(isArea)}) AS c
      WHERE b.geom IS NULL) AS f
    WHERE t.row_no = f.row_no`;
}

/** Rule, outcome, value and words for a row looked at closely: over `k`, `w`, `x`, `a` as above. */
function verdictSql(isArea: boolean): string {
  const reason = `CASE WHEN k.reason = 'Valid Geometry' THEN 'a ' || lower(k.kind) ELSE k.reason END`;
  const change = isArea
    ? `'; area ' || round(a.before::numeric, 2) || ' m2 became ' || round(a.after::numeric, 2) || ' m2'`
    : `''`;
  const tooMuch = isArea
    ? `least(abs(a.after - a.before), abs(a.after - a.parts)) > greatest($4::float8 * a.before, ${sliverM2})`
    : 'false';
  return `SELECT
      CASE WHEN w.rule IS NOT NULL THEN w.rule
        WHEN x.fixed IS NULL OR ST_IsEmpty(x.fixed) THEN 'wrong-geometry-type'
        WHEN ${tooMuch} THEN 'repair-changes-area'
        WHEN k.reason = 'Valid Geometry' THEN 'geometry-converted' ELSE 'geometry-invalid' END AS rule,
      CASE WHEN w.rule IS NOT NULL OR x.fixed IS NULL OR ST_IsEmpty(x.fixed) OR ${tooMuch} THEN 'rejected'
        ELSE 'repaired' END AS outcome,
      CASE w.rule WHEN 'too-many-vertices' THEN k.points::text
        WHEN 'geometry-missing' THEN NULL
        WHEN 'wrong-geometry-type' THEN k.kind
        ELSE CASE WHEN k.points <= 4 THEN left(ST_AsText(k.g), 200)
          WHEN ST_IsEmpty(k.g) THEN k.kind || ' EMPTY'
          WHEN w.rule IS NULL THEN k.reason
          ELSE ST_AsText(ST_PointN(ST_ExteriorRing(ST_GeometryN(ST_CollectionExtract(k.g, 3), 1)), 1)) END
            END AS value,
      CASE w.rule
        WHEN 'geometry-missing' THEN 'the feature has no geometry'
        WHEN 'geometry-empty' THEN 'the geometry is empty'
        WHEN 'too-many-vertices' THEN 'more than ' || $3 || ' vertices'
        WHEN 'coordinate-not-a-number' THEN 'a coordinate is not a number'
        WHEN 'outside-longitude-latitude' THEN
          'a coordinate is no longitude and latitude: the file is in another reference system'
        WHEN 'outside-zone' THEN 'lies outside the UTM zone of the municipality'
        WHEN 'wrong-geometry-type' THEN 'this kind of geometry does not belong into the layer'
        ELSE ${reason} ||
          CASE WHEN x.fixed IS NULL OR ST_IsEmpty(x.fixed) THEN
            '; nothing of the layer''s kind is left after a repair'
          WHEN ${tooMuch} THEN '; a repair would change too much' || ${change}
          WHEN k.reason = 'Valid Geometry' THEN ', made to fit without loss'
          ELSE '; made valid' || ${change} END
        END AS message`;
}
