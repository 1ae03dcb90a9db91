import { secureTable } from './secure-table.js';

/** What sets one layer's table apart; everything else is the same for all layers. */
export interface LayerTable {
  table: string;
  geometry: 'Point' | 'LineString' | 'MultiPolygon';
  /** Column definitions of the layer's own attributes. */
  columns: string[];
  /** True where the law dates the feature itself (wards, zones): adds `effective daterange`. */
  effective?: boolean;
}

const measure = {
  Point: [],
  // Measured on the ellipsoid, rounded so that two machines agree on the last digit.
  LineString: [
    'length_m numeric(14,3) GENERATED ALWAYS AS (round(ST_Length(geom::geography)::numeric, 3)) STORED',
  ],
  MultiPolygon: [
    'area_m2 numeric(16,3) GENERATED ALWAYS AS (round(ST_Area(geom::geography)::numeric, 3)) STORED',
  ],
};

/**
 * A layer is two tables: what stands now, and `<table>_history`, which receives a version when it ends. A new row costs
 * no history; "as recorded on a day" is the current rows recorded by then and the ended ones that stood then.
 */
export function layerTable({ table, geometry, columns, effective }: LayerTable): string[] {
  return [
    `CREATE TABLE ${table} (
       ulb_id int NOT NULL REFERENCES ulbs,
       id uuid NOT NULL,
       tile_id bigint GENERATED ALWAYS AS (tile_id(id)) STORED,
       version int NOT NULL DEFAULT 1 CHECK (version > 0),
       changeset_id uuid NOT NULL,
       recorded_at timestamptz NOT NULL,
       source_key text COLLATE "C", -- the key in the file it came from: how a second import finds it
       ${columns.map((column) => `${column},`).join('\n       ')}
       ${effective ? 'effective daterange NOT NULL CHECK (NOT isempty(effective)),' : ''}
       ${measure[geometry].map((column) => `${column},`).join('\n       ')}
       geom geometry(${geometry}, 4326) NOT NULL CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
       geom_3857 geometry(${geometry}, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
       PRIMARY KEY (ulb_id, id),
       FOREIGN KEY (ulb_id, changeset_id) REFERENCES changesets)`,
    `CREATE UNIQUE INDEX ${table}_tile_id ON ${table} (ulb_id, tile_id)`,
    `CREATE UNIQUE INDEX ${table}_source_key ON ${table} (ulb_id, source_key)`,
    `CREATE INDEX ${table}_geom ON ${table} USING gist (ulb_id, geom)`,
    `CREATE INDEX ${table}_geom_3857 ON ${table} USING gist (ulb_id, geom_3857)`,
    ...secureTable(table, 'SELECT, INSERT, UPDATE, DELETE'),
    `CREATE TABLE ${table}_history (
       LIKE ${table},
       ended_changeset_id uuid NOT NULL, ended_at timestamptz NOT NULL,
       PRIMARY KEY (ulb_id, id, version),
       FOREIGN KEY (ulb_id, ended_changeset_id) REFERENCES changesets)`,
    `CREATE INDEX ${table}_history_geom ON ${table}_history USING gist (ulb_id, geom)`,
    ...secureTable(`${table}_history`, 'SELECT, INSERT'),
    `CREATE TRIGGER ${table}_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}_history
       EXECUTE FUNCTION refuse_change()`,
  ];
}
