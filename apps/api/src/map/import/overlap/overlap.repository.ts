import type { SqlValue, Tx } from '../../../platform/database/tx.js';
import type { Layer, LayerCheck } from '../../layer.js';
import type { Plan } from '../staging.repository.js';

/** At most so many pairs are measured; a file that brings more is wrong as a whole, and the count says so. */
const pairsMost = 100_000;

/** About so many m2 lie in a square degree at the equator, and fewer elsewhere. */
const squareMetresOfDegree = 1.24e10;

/** A feature kept in more bytes (about 250 vertices) is compared in pieces. */
const smallBytes = 4_096;

/** A feature that reaches over more cells of the grid than this, along one side, is looked for by index instead. */
const cellsMost = 8;

export interface Pair {
  a: string;
  b: string;
}

/**
 * SQL: true for a feature of few vertices. Asks for the size on disk, so that a large one need not be read
 * to be passed over.
 */
function isSmall(alias: string): string {
  return `pg_column_size(${alias}.geom) <= ${smallBytes}`;
}

function clipped(alias: string, other: string): string {
  return `CASE WHEN ${isSmall(alias)} THEN ${alias}.geom
    ELSE ST_MakeValid(ST_ClipByBox2D(${alias}.geom, Box2D(${other}.geom))) END`;
}

/**
 * SQL of the ground that `a` and `b` share; of each only what lies in the other's box, since one may be a
 * whole town's streets.
 */
export const commonGroundSql = `ST_CollectionExtract(ST_Intersection(${clipped('a', 'b')}, ${clipped('b', 'a')}),
  3)`;

/** Features that the law dates meet only on days that they share. */
export function sameTime(layer: Layer): string {
  return layer.effective ? 'AND a.effective && b.effective' : '';
}

/**
 * Pairs of features of which at least one is the changeset's and whose interiors meet. Features stand in the cells of a
 * grid, and meet those of their own cells: a join by hash, at a third of what as many questions to the index cost.
 */
export async function meetingPairs(tx: Tx, plan: Plan, check: LayerCheck): Promise<Pair[]> {
  await openGround(tx, plan);
  const side = await cellSide(tx);
  if (side === null) return [];
  await openCells(tx, side);
  return [...(await smallPairs(tx, plan.layer, side)), ...(await largePairs(tx, plan, check))];
}

/** The changeset's features and, where others stood before, those in whose boxes they lie. */
async function openGround(tx: Tx, { layer, changesetId, meetsOld }: Plan): Promise<void> {
  const dates = layer.effective ? ', t.effective' : '';
  const columns = `t.id, t.geom${dates}, ST_XMin(t.geom) AS x0, ST_YMin(t.geom) AS y0, ST_XMax(t.geom) AS x1,
    ST_YMax(t.geom) AS y1`;
  await tx.run(
    `CREATE TEMP TABLE import_ground ON COMMIT DROP AS
     SELECT ${columns}, true AS fresh FROM ${layer.table} t WHERE t.ulb_id = $1 AND t.changeset_id = $2`,
    [tx.ctx.ulbId, changesetId],
  );
  if (!meetsOld) return;
  await tx.run(
    `INSERT INTO import_ground SELECT DISTINCT ON (t.id) ${columns}, false FROM import_ground g
     JOIN ${layer.table} t ON t.ulb_id = $1 AND t.geom && g.geom WHERE t.changeset_id <> $2`,
    [tx.ctx.ulbId, changesetId],
  );
}

/** Side of a cell in degrees: so wide that most features lie in one or two. */
async function cellSide(tx: Tx): Promise<number | null> {
  const { side } = await tx.one<{ side: number | null }>(
    `SELECT 2 * percentile_cont(0.9) WITHIN GROUP (ORDER BY greatest(x1 - x0, y1 - y0, 1e-7)) AS side
     FROM import_ground`,
  );
  return side;
}

async function openCells(tx: Tx, side: number): Promise<void> {
  const cells = (from: string, to: string) =>
    `generate_series(floor(${from} / $1::float8)::int, floor(${to} / $1::float8)::int)`;
  await tx.run(
    `CREATE TEMP TABLE import_cells ON COMMIT DROP AS
     SELECT g.*, cx, cy FROM import_ground g, ${cells('x0', 'x1')} AS cx, ${cells('y0', 'y1')} AS cy
     WHERE ${isSmall('g')} AND greatest(x1 - x0, y1 - y0) <= ${cellsMost} * $1::float8`,
    [side],
  );
  await tx.run('ANALYZE import_cells (cx, cy)');
}

/** Pairs of features of few vertices: nearly all of them. Each is found in the one cell where their boxes first meet. */
function smallPairs(tx: Tx, layer: Layer, side: number): Promise<Pair[]> {
  return tx.rows<Pair>(
    `SELECT a.id AS a, b.id AS b FROM import_cells a JOIN import_cells b USING (cx, cy)
     WHERE a.id < b.id AND (a.fresh OR b.fresh) ${sameTime(layer)}
       AND a.x0 <= b.x1 AND b.x0 <= a.x1 AND a.y0 <= b.y1 AND b.y0 <= a.y1
       AND cx = floor(greatest(a.x0, b.x0) / $1::float8) AND cy = floor(greatest(a.y0, b.y0) / $1::float8)
       AND ST_Relate(a.geom, b.geom, '2********') LIMIT ${pairsMost}`,
    [side],
  );
}

/**
 * Pairs with a feature of many vertices or great reach, such as the one polygon of all streets: it is compared in small
 * pieces, since each comparison would otherwise walk along the whole of it, once for each of its thousands of neighbours.
 */
async function largePairs(tx: Tx, { layer, changesetId }: Plan, check: LayerCheck): Promise<Pair[]> {
  const dates = layer.effective ? ', g.effective' : '';
  const count = await tx.run(
    `CREATE TEMP TABLE import_large ON COMMIT DROP AS SELECT g.id, g.fresh${dates}, ST_Subdivide(g.geom, 64) AS geom
     FROM import_ground g WHERE NOT EXISTS (SELECT FROM import_cells c WHERE c.id = g.id)`,
  );
  if (count === 0) return [];
  await tx.run('CREATE INDEX ON import_large USING gist (geom)');
  await tx.run('ANALYZE import_large');
  await preferIndexes(tx);
  // Where a boundary was cut, the cut point lies a hair beside it: slivers that no surveyor could see are
  // no overlap.
  const meet = `${sameTime(layer)} AND ST_Relate(a.geom, b.geom, '2********')
    AND ST_Area(ST_Intersection(a.geom, b.geom)) > $3::float8`;
  const values: SqlValue[] = [tx.ctx.ulbId, changesetId, (check.tolerance / squareMetresOfDegree) * 0.001];
  return tx.rows<Pair>(
    `SELECT a.id AS a, b.id AS b FROM import_large a JOIN ${layer.table} b ON b.ulb_id = $1
      AND b.geom && a.geom
     WHERE ${isSmall('b')} AND a.id <> b.id AND (a.fresh OR b.changeset_id = $2) ${meet}
     UNION SELECT a.id, b.id FROM import_large a JOIN import_large b ON b.geom && a.geom AND a.id < b.id
     WHERE (a.fresh OR b.fresh) ${meet} LIMIT ${pairsMost}`,
    values,
  );
}

/** Joins by box go through the spatial index row by row, over as many workers as there are. */
export async function preferIndexes(tx: Tx): Promise<void> {
  await tx.run(
    `SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('max_parallel_workers_per_gather', '2', true), set_config('parallel_setup_cost', '10', true),
       set_config('parallel_tuple_cost', '0.001', true), set_config('min_parallel_table_scan_size', '1MB', true)`,
  );
}
