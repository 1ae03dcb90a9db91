import type { LineString, MultiPolygon, Point } from 'geojson';
import { Check, Column, type ColumnOptions, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

interface Geometries {
  Point: Point;
  LineString: LineString;
  MultiPolygon: MultiPolygon;
}
type GeometryName = keyof Geometries;

/** What the database measures on the ellipsoid: m2 of an area, m of a line, both as exact decimal text. */
type Measured<G extends GeometryName> = G extends 'MultiPolygon'
  ? { areaM2: string }
  : G extends 'LineString'
    ? { lengthM: string }
    : object;

/** What the standing row and the ended versions of every layer share. A layer's attributes extend it. */
export abstract class LayerRow {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid', name: 'changeset_id' }) changesetId!: string;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  @Column({ type: 'text', name: 'source_key', collation: 'C', nullable: true }) sourceKey!: string | null;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the language asks any[] of a class that is extended
type Attributes = abstract new (...args: any[]) => LayerRow;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
type Measure<G extends GeometryName> = abstract new (...args: any[]) => Measured<G>;

/** The row that stands now: the database computes its tile id, its measure and the copy that tiles are cut from. */
export function standing<G extends GeometryName, A extends Attributes>(geometry: G, attributes: A) {
  abstract class Standing extends attributes {
    @Column(computed({ type: 'bigint', name: 'tile_id', nullable: true }, 'tile_id(id)')) tileId!: string;
    @Column({ type: 'int', default: 1 }) version!: number;
    @Column({ type: 'geometry', spatialFeatureType: geometry, srid: 4326 }) geom!: Geometries[G];
    @Column(computed(mercator(geometry), 'st_transform(geom, 3857)')) geom3857!: Geometries[G];
  }
  addMeasure(Standing, geometry, computed);
  return Standing as typeof Standing & Measure<G>;
}

/** A version that ended, as it stood: nothing is computed any more, and the changeset that ended it is named. */
export function ended<G extends GeometryName, A extends Attributes>(geometry: G, attributes: A) {
  abstract class Ended extends attributes {
    @PrimaryColumn({ type: 'int' }) version!: number;
    @Column({ type: 'bigint', name: 'tile_id', nullable: true }) tileId!: string;
    @Column({ type: 'geometry', spatialFeatureType: geometry, srid: 4326 }) geom!: Geometries[G];
    @Column(mercator(geometry)) geom3857!: Geometries[G];
    @Column({ type: 'uuid', name: 'ended_changeset_id' }) endedChangesetId!: string;
    @Column({ type: 'timestamptz', name: 'ended_at' }) endedAt!: Date;
  }
  addMeasure(Ended, geometry, (options) => options);
  return Ended as typeof Ended & Measure<G>;
}

/** Computed and stored by the database. The expression is in PostgreSQL's own spelling, as `typeorm_metadata` shows it. */
function computed(options: ColumnOptions, asExpression: string): ColumnOptions {
  return { ...options, asExpression, generatedType: 'STORED', insert: false, update: false };
}

function mercator(geometry: GeometryName): ColumnOptions {
  return { type: 'geometry', name: 'geom_3857', spatialFeatureType: geometry, srid: 3857, nullable: true };
}

function addMeasure(
  row: { prototype: object },
  geometry: GeometryName,
  asComputed: (options: ColumnOptions, expression: string) => ColumnOptions,
): void {
  const numeric = { type: 'numeric', scale: 3, nullable: true } as const;
  if (geometry === 'MultiPolygon') {
    const options = { ...numeric, name: 'area_m2', precision: 16 };
    Column(asComputed(options, 'round((st_area((geom)::geography))::numeric, 3)'))(row.prototype, 'areaM2');
  }
  if (geometry === 'LineString') {
    const options = { ...numeric, name: 'length_m', precision: 14 };
    Column(asComputed(options, 'round((st_length((geom)::geography))::numeric, 3)'))(
      row.prototype,
      'lengthM',
    );
  }
}

/** The table of a layer's standing rows, with the keys, checks and indexes that every layer has. */
export function LayerEntity(table: string): ClassDecorator {
  return (target) => {
    Entity(table)(target);
    ForeignKey('changesets', ['ulbId', 'changesetId'], ['ulbId', 'id'], {
      name: `${table}_ulb_id_changeset_id_fkey`,
    })(target);
    Check(`${table}_version_check`, 'version > 0')(target);
    Check(`${table}_geom_check`, 'ST_IsValid(geom) AND NOT ST_IsEmpty(geom)')(target);
    Index(`${table}_tile_id`, ['ulbId', 'tileId'], { unique: true })(target);
    Index(`${table}_source_key`, ['ulbId', 'sourceKey'], { unique: true })(target);
    Index(`${table}_geom`, ['ulbId', 'geom'], { spatial: true })(target);
  };
}

/** The table of a layer's ended versions, `<layer's table>_history`. */
export function EndedLayerEntity(table: string): ClassDecorator {
  return (target) => {
    Entity(table)(target);
    ForeignKey('changesets', ['ulbId', 'endedChangesetId'], ['ulbId', 'id'], {
      name: `${table}_ulb_id_ended_changeset_id_fkey`,
    })(target);
    Index(`${table}_geom`, ['ulbId', 'geom'], { spatial: true })(target);
  };
}
