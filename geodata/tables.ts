import { CopyTable, uuidHead } from './copy.js';
import { Projection, type Place } from './projection.js';

/** What a town is made from; the same values make the same bytes. */
export interface TownOptions {
  seed: number;
  /** How many properties, exactly. */
  properties: number;
  ulbId: number;
  /** The middle of the town. */
  origin: Place;
  /** The day on which everything is recorded, `YYYY-MM-DD`. */
  today: string;
}

const layer = ['ulb_id', 'id', 'changeset_id', 'recorded_at'];

/** Columns of each table in the order of the stream; the tables in an order that foreign keys allow. */
export const townColumns = {
  changesets: ['ulb_id', 'id', 'kind', 'status', 'comment', 'created_by_login', 'created_at', 'applied_at'],
  zones: [...layer, 'number', 'name', 'name_local', 'effective', 'geom'],
  wards: [...layer, 'number', 'name', 'name_local', 'zone_number', 'population', 'effective', 'geom'],
  road_nodes: [...layer, 'node_no', 'geom'],
  roads: [
    ...layer,
    'road_no',
    'name',
    'name_local',
    'class',
    'one_way',
    'width_m',
    'lanes',
    'surface',
    'from_node',
    'to_node',
    'geom',
  ],
  poles: [...layer, 'pole_no', 'kind', 'ward_number', 'geom'],
  streetlights: [
    ...layer,
    'pole_no',
    'fixture_type',
    'led',
    'lamp_count',
    'wattage_w',
    'owner',
    'state',
    'feeder_no',
    'road_no',
    'installed_on',
    'ward_number',
    'geom',
  ],
  parcels: [
    ...layer,
    'parcel_no',
    'ulpin',
    'ward_number',
    'locality',
    'land_use',
    'recorded_area_m2',
    'geom',
  ],
  buildings: [
    ...layer,
    'building_no',
    'use',
    'structure',
    'floors',
    'height_m',
    'year_built',
    'ward_number',
    'geom',
  ],
  properties: [
    'ulb_id',
    'id',
    'number',
    'ward_number',
    'zone_number',
    'locality',
    'address',
    'address_local',
    'land_area_m2',
    'no_parcel_reason',
    'recorded_at',
  ],
  property_aliases: ['ulb_id', 'alias', 'property_id', 'kind'],
  property_parcels: ['ulb_id', 'property_id', 'parcel_id'],
  units: [
    'ulb_id',
    'property_id',
    'unit_no',
    'effective',
    'floor',
    'use',
    'structure',
    'occupancy',
    'year_built',
    'area_m2',
    'declared_area_m2',
    'measured_area_m2',
    'capital_value',
    'recorded_at',
  ],
  owners: [
    'ulb_id',
    'property_id',
    'owner_no',
    'effective',
    'name',
    'name_local',
    'mobile',
    'share',
    'class',
    'recorded_at',
  ],
  accounts: ['ulb_id', 'code', 'kind', 'title'],
  postings: [
    'ulb_id',
    'property_id',
    'fy',
    'head',
    'instalment',
    'kind',
    'entry_no',
    'debit_account',
    'credit_account',
    'amount_paise',
    'due_on',
    'posted_on',
    'source_id',
  ],
} as const satisfies Record<string, readonly string[]>;

export type TownTable = keyof typeof townColumns;

/** Rows of one table, complete lines of PostgreSQL's text COPY format in UTF-8. */
export interface TownChunk {
  table: TownTable;
  bytes: Buffer;
}

/** The streams of all tables, and what stands in every row: municipality, keys, changeset, instant. */
export class TownTables {
  readonly chunks: TownChunk[] = [];
  readonly ulbId: string;
  readonly recordedAt: string;
  readonly changesetId: string;
  /** Changeset and instant, two columns in one text. */
  private readonly recorded: string;
  private readonly heads: Record<TownTable, string>;
  private readonly tables: Record<TownTable, CopyTable>;

  constructor(readonly options: TownOptions) {
    const projection = new Projection(options.origin);
    const names = Object.keys(townColumns) as TownTable[];
    const unixMs = Date.parse(`${options.today}T00:00:00Z`);
    const per = <T>(make: (table: TownTable, no: number) => T) =>
      Object.fromEntries(names.map((table, no) => [table, make(table, no)])) as Record<TownTable, T>;
    this.ulbId = `${options.ulbId}`;
    this.recordedAt = `${options.today} 00:00:00+00`;
    this.heads = per((_, no) => uuidHead(unixMs, no, options.seed));
    this.changesetId = `${this.heads.changesets}000000000001`;
    this.recorded = `${this.changesetId}\t${this.recordedAt}`;
    const emit = (table: CopyTable, bytes: Buffer) =>
      this.chunks.push({ table: table.table as TownTable, bytes });
    this.tables = per((table) => new CopyTable(table, townColumns[table], projection, emit));
  }

  /** The table itself, for rows that begin otherwise. */
  of(table: TownTable): CopyTable {
    return this.tables[table];
  }

  /**
   * Begins a row of a layer: municipality, id, changeset, instant. The counter is the row's number from 1.
   */
  layer(table: TownTable, counter = this.tables[table].rows + 1): CopyTable {
    return this.tables[table].ascii(this.ulbId).uuid(this.heads[table], counter).ascii(this.recorded);
  }

  /** Begins a row that belongs to a property. */
  ofProperty(table: TownTable, counter: number): CopyTable {
    return this.tables[table].ascii(this.ulbId).uuid(this.heads.properties, counter);
  }

  head(table: TownTable): string {
    return this.heads[table];
  }

  flush(): void {
    for (const table of Object.values(this.tables)) table.flush();
  }

  /** Chunks made since the last call. */
  take(): TownChunk[] {
    return this.chunks.splice(0);
  }

  counts(): Record<TownTable, number> {
    const entries = Object.entries(this.tables).map(([table, { rows }]) => [table, rows]);
    return Object.fromEntries(entries) as Record<TownTable, number>;
  }
}
