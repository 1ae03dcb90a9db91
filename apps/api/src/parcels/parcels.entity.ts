import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { propertyFileEntities } from './property-file/property-file.entity.js';
import { ended, EndedLayerEntity, LayerEntity, LayerRow, standing } from '../map/layer.entity.js';

abstract class ParcelAttributes extends LayerRow {
  @Column({ type: 'text', name: 'parcel_no', collation: 'C', nullable: true }) parcelNo!: string | null;
  @Column({ type: 'text', collation: 'C', nullable: true }) ulpin!: string | null;
  @Column({ type: 'text', name: 'ward_number', collation: 'C', nullable: true }) wardNumber!: string | null;
  @Column({ type: 'text', nullable: true }) locality!: string | null;
  @Column({ type: 'text', name: 'land_use', nullable: true }) landUse!: string | null;
  @Column({ type: 'numeric', name: 'recorded_area_m2', precision: 14, scale: 3, nullable: true })
  recordedAreaM2!: string | null;
}

@LayerEntity('parcels')
@Check('parcels_recorded_area_m2_check', 'recorded_area_m2 >= 0')
@Check('parcels_ulpin_check', "ulpin ~ '^[A-Z0-9]{14}$'")
@Index('parcels_parcel_no', ['ulbId', 'parcelNo'])
@Index('parcels_ward', ['ulbId', 'wardNumber'])
export class Parcel extends standing('MultiPolygon', ParcelAttributes) {}

@EndedLayerEntity('parcels_history')
export class EndedParcel extends ended('MultiPolygon', ParcelAttributes) {}

abstract class BuildingAttributes extends LayerRow {
  @Column({ type: 'text', name: 'building_no', collation: 'C', nullable: true }) buildingNo!: string | null;
  @Column({ type: 'text', nullable: true }) name!: string | null;
  @Column({ type: 'text', name: 'name_local', nullable: true }) nameLocal!: string | null;
  @Column({ type: 'text', nullable: true }) use!: string | null;
  @Column({ type: 'text', nullable: true }) structure!: string | null;
  @Column({ type: 'smallint', nullable: true }) floors!: number | null;
  @Column({ type: 'numeric', name: 'height_m', precision: 6, scale: 2, nullable: true })
  heightM!: string | null;
  @Column({ type: 'smallint', name: 'year_built', nullable: true }) yearBuilt!: number | null;
  @Column({ type: 'text', name: 'ward_number', collation: 'C', nullable: true }) wardNumber!: string | null;
}

@LayerEntity('buildings')
@Index('buildings_ward', ['ulbId', 'wardNumber'])
@Check('buildings_floors_check', 'floors BETWEEN 0 AND 200')
@Check('buildings_year_built_check', 'year_built BETWEEN 1000 AND 2200')
export class Building extends standing('MultiPolygon', BuildingAttributes) {}

@EndedLayerEntity('buildings_history')
export class EndedBuilding extends ended('MultiPolygon', BuildingAttributes) {}

/** The tax account. Has land through property_parcels, or the reason why not. */
@Entity('properties')
@Check('properties_land_area_m2_check', 'land_area_m2 >= 0')
@Check(
  'properties_no_parcel_reason_check',
  "no_parcel_reason IN ('not_mapped', 'ambiguous_key', 'unknown_key', 'no_key', 'disputed')",
)
@Check('properties_status_check', "status IN ('active', 'retired')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'properties_ulb_id_fkey' })
@Unique('properties_ulb_id_number_key', ['ulbId', 'number'])
@Index('properties_source_key', ['ulbId', 'sourceKey'], { unique: true })
@Index('properties_ward', ['ulbId', 'wardNumber', 'id'])
export class Property {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text', collation: 'C' }) number!: string;
  @Column({ type: 'text', default: 'active' }) status!: 'active' | 'retired';
  @Column({ type: 'text', name: 'source_key', collation: 'C', nullable: true }) sourceKey!: string | null;
  @Column({ type: 'text', name: 'ward_number', collation: 'C', nullable: true }) wardNumber!: string | null;
  @Column({ type: 'text', name: 'zone_number', collation: 'C', nullable: true }) zoneNumber!: string | null;
  @Column({ type: 'text', nullable: true }) category!: string | null;
  @Column({ type: 'text', nullable: true }) locality!: string | null;
  @Column({ type: 'text', nullable: true }) address!: string | null;
  @Column({ type: 'text', name: 'address_local', nullable: true }) addressLocal!: string | null;
  @Column({ type: 'numeric', name: 'land_area_m2', precision: 14, scale: 4, nullable: true })
  landAreaM2!: string | null;
  @Column({ type: 'text', name: 'no_parcel_reason', nullable: true })
  noParcelReason!: 'not_mapped' | 'ambiguous_key' | 'unknown_key' | 'no_key' | 'disputed' | null;
  @Column({ type: 'jsonb', default: {} }) facts!: Record<string, unknown>;
  @Column({ type: 'int', default: 1 }) version!: number;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
}

/** A number under which a property was or is known elsewhere. */
@Entity('property_aliases')
@Check('property_aliases_kind_check', "kind IN ('former_number', 'ulpin', 'state_id', 'source')")
@ForeignKey('properties', ['ulbId', 'propertyId'], ['ulbId', 'id'], {
  name: 'property_aliases_ulb_id_property_id_fkey',
})
export class PropertyAlias {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'text', collation: 'C' }) alias!: string;
  @PrimaryColumn({ type: 'text' }) kind!: 'former_number' | 'ulpin' | 'state_id' | 'source';
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
}

/** The land of a property. */
@Entity('property_parcels')
@ForeignKey('parcels', ['ulbId', 'parcelId'], ['ulbId', 'id'], {
  name: 'property_parcels_ulb_id_parcel_id_fkey',
})
@ForeignKey('properties', ['ulbId', 'propertyId'], ['ulbId', 'id'], {
  name: 'property_parcels_ulb_id_property_id_fkey',
})
@Index('property_parcels_parcel', ['ulbId', 'parcelId'])
export class PropertyParcel {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @PrimaryColumn({ type: 'uuid', name: 'parcel_id' }) parcelId!: string;
}

/** A floor or a part of one with one use, construction and occupancy, as the law dates it. `areaM2` is the one that taxes. */
@Entity('units')
@Check('units_area_m2_check', 'area_m2 >= 0')
@Check('units_capital_value_check', 'capital_value >= 0')
@Check('units_effective_check', 'NOT isempty(effective)')
@Check('units_unit_no_check', 'unit_no > 0')
@Check('units_year_built_check', 'year_built BETWEEN 1000 AND 2200')
@ForeignKey('properties', ['ulbId', 'propertyId'], ['ulbId', 'id'], { name: 'units_ulb_id_property_id_fkey' })
@Exclusion(
  'units_one_a_day',
  'USING gist (ulb_id WITH =, property_id WITH =, unit_no WITH =, effective WITH &&)',
)
export class Unit {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @PrimaryColumn({ type: 'smallint', name: 'unit_no' }) unitNo!: number;
  @PrimaryColumn({ type: 'daterange' }) effective!: string;
  @Column({ type: 'text', nullable: true }) floor!: string | null;
  @Column({ type: 'text', nullable: true }) use!: string | null;
  @Column({ type: 'text', nullable: true }) structure!: string | null;
  @Column({ type: 'text', nullable: true }) occupancy!: string | null;
  @Column({ type: 'smallint', name: 'year_built', nullable: true }) yearBuilt!: number | null;
  @Column({ type: 'numeric', name: 'area_m2', precision: 14, scale: 4, nullable: true })
  areaM2!: string | null;
  @Column({ type: 'numeric', name: 'declared_area_m2', precision: 14, scale: 4, nullable: true })
  declaredAreaM2!: string | null;
  @Column({ type: 'numeric', name: 'measured_area_m2', precision: 14, scale: 4, nullable: true })
  measuredAreaM2!: string | null;
  @Column({ type: 'numeric', name: 'capital_value', precision: 18, scale: 2, nullable: true })
  capitalValue!: string | null;
  @Column({ type: 'jsonb', default: {} }) facts!: Record<string, unknown>;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
}

/** Somebody who owns a share of a property, as the law dates it. Personal. */
@Entity('owners')
@Check('owners_effective_check', 'NOT isempty(effective)')
@Check('owners_owner_no_check', 'owner_no > 0')
@Check('owners_share_check', '(share > 0) AND (share <= 1)')
@ForeignKey('properties', ['ulbId', 'propertyId'], ['ulbId', 'id'], {
  name: 'owners_ulb_id_property_id_fkey',
})
@Exclusion(
  'owners_one_a_day',
  'USING gist (ulb_id WITH =, property_id WITH =, owner_no WITH =, effective WITH &&)',
)
export class Owner {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @PrimaryColumn({ type: 'smallint', name: 'owner_no' }) ownerNo!: number;
  @PrimaryColumn({ type: 'daterange' }) effective!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', name: 'name_local', nullable: true }) nameLocal!: string | null;
  @Column({ type: 'text', nullable: true }) mobile!: string | null;
  @Column({ type: 'numeric', precision: 9, scale: 8, default: 1 }) share!: string;
  @Column({ type: 'text', default: 'none' }) class!: string;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
}

/** What a later version replaced, as one document: the roll as recorded on any day. Append only. */
@Entity('property_history')
@ForeignKey('properties', ['ulbId', 'propertyId'], ['ulbId', 'id'], {
  name: 'property_history_ulb_id_property_id_fkey',
})
export class PropertyVersion {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @PrimaryColumn({ type: 'int' }) version!: number;
  @Column({ type: 'jsonb' }) record!: Record<string, unknown>;
  @Column({ type: 'timestamptz', name: 'recorded_at' }) recordedAt!: Date;
  @Column({ type: 'timestamptz', name: 'ended_at' }) endedAt!: Date;
  @Column({ type: 'text', name: 'ended_by' }) endedBy!: string;
  @Column({ type: 'text' }) reason!: string;
}

export const parcelEntities = [
  Parcel,
  EndedParcel,
  Building,
  EndedBuilding,
  Property,
  PropertyAlias,
  PropertyParcel,
  Unit,
  Owner,
  PropertyVersion,
  ...propertyFileEntities,
];
