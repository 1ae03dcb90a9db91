import type { Label } from '../core/label.js';
import type { Permission } from '../platform/auth/permissions.js';

export type ColumnType = 'text' | 'integer' | 'numeric' | 'boolean' | 'date' | 'timestamp' | 'uuid';

/** One attribute of a layer: what every door (features, tiles, import, export, web form) needs to know of it. */
export interface LayerColumn {
  /** The column's name in the table, and the property's name in every door. Goes into SQL as an identifier. */
  name: string;
  type: ColumnType;
  label: Label;
  /** Allowed values with their words; absent where any value of the type is allowed. */
  codes?: Record<string, Label>;
  /** Who may see it: anybody who may read the layer, or only who holds the permission named. */
  read?: Permission;
  /** Personal data never enters a tile, whoever asks. */
  personal?: boolean;
  /** From this zoom on the column is in the tiles; absent: never. */
  tileFromZoom?: number;
  /** True where the database computes it: never imported or edited. */
  generated?: boolean;
  required?: boolean;
  unit?: 'm' | 'm2' | 'W' | 'years';
  max?: number;
  min?: number;
}

export interface LayerCheck {
  /** Named in reports and issues, such as `overlap` or `dangle`. */
  rule: string;
  severity: 'error' | 'warning';
  /** In the unit of the rule: m2 for areas, m for lengths. */
  tolerance: number;
  /** The other layer that the rule looks at, such as `wards` for `outside-ward`. */
  against?: string;
}

/**
 * One descriptor a layer. Features, tiles, import, export, history, OpenAPI and the web client's forms all read this
 * list and nothing else; a new layer is a table, a descriptor and one line in app.module.
 */
export interface Layer {
  name: string;
  /** The table; its history is `<table>_history`. Goes into SQL as an identifier. */
  table: string;
  title: Label;
  geometry: 'Point' | 'LineString' | 'MultiPolygon';
  columns: LayerColumn[];
  /** The column whose value names a feature to a person. */
  nameColumn: string;
  /** Column holding the official number, by which search finds a feature and a person asks for it. */
  numberColumn: string;
  /** True where the law dates the feature: the table has `effective daterange`, and `datetime` filters by it. */
  effective: boolean;
  /** The layer is in tiles from this zoom on. */
  minZoom: number;
  /** Simplified below this zoom. */
  exactFromZoom: number;
  /** True where each feature belongs to the ward it lies in: `ward_number` is filled by position when absent. */
  inWard: boolean;
  read: Permission;
  write: Permission;
  checks: LayerCheck[];
  /**
   * The table and column that hold on to a feature by its id: one that stands there is not retired by an
   * import. Both go into SQL as identifiers.
   */
  inUse?: { table: string; column: string };
  /** Words by which search finds a feature: columns of numbers as they are, columns of names by sound. */
  search?: { numbers: string[]; names: string[] };
}
