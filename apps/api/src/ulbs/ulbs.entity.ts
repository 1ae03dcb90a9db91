import { Check, Column, Entity, Exclusion, PrimaryColumn, Unique } from 'typeorm';
import { ended, EndedLayerEntity, LayerEntity, LayerRow, standing } from '../map/layer.entity.js';

/** A municipality. The one table without row-level security: everybody may know which there are. */
@Entity('ulbs')
@Check('ulbs_area_unit_check', "area_unit IN ('m2', 'ft2', 'yd2')")
@Check('ulbs_code_check', "code ~ '^[a-z][a-z0-9-]{1,39}$'")
@Check('ulbs_currency_check', "currency ~ '^[A-Z]{3}$'")
@Check('ulbs_ulb_id_check', 'ulb_id > 0')
@Check('ulbs_utm_srid_check', 'utm_srid BETWEEN 32601 AND 32760')
@Unique('ulbs_code_key', ['code'])
export class Ulb {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @Column({ type: 'text', collation: 'C' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', name: 'name_local', nullable: true }) nameLocal!: string | null;
  @Column({ type: 'int', name: 'utm_srid' }) utmSrid!: number;
  @Column({ type: 'text', array: true, default: ['en', 'hi', 'mr'] }) languages!: string[];
  @Column({ type: 'text', default: 'INR' }) currency!: string;
  @Column({ type: 'text', name: 'area_unit', default: 'm2' }) areaUnit!: 'm2' | 'ft2' | 'yd2';
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
}

abstract class ZoneAttributes extends LayerRow {
  @Column({ type: 'text', collation: 'C' }) number!: string;
  @Column({ type: 'text', nullable: true }) name!: string | null;
  @Column({ type: 'text', name: 'name_local', nullable: true }) nameLocal!: string | null;
  @Column({ type: 'daterange' }) effective!: string;
}

@LayerEntity('zones')
@Check('zones_effective_check', 'NOT isempty(effective)')
@Exclusion('zones_one_number_a_day', 'USING gist (ulb_id WITH =, number WITH =, effective WITH &&)')
export class Zone extends standing('MultiPolygon', ZoneAttributes) {}

@EndedLayerEntity('zones_history')
export class EndedZone extends ended('MultiPolygon', ZoneAttributes) {}

abstract class WardAttributes extends LayerRow {
  @Column({ type: 'text', collation: 'C' }) number!: string;
  @Column({ type: 'text', nullable: true }) name!: string | null;
  @Column({ type: 'text', name: 'name_local', nullable: true }) nameLocal!: string | null;
  @Column({ type: 'text', name: 'zone_number', collation: 'C', nullable: true }) zoneNumber!: string | null;
  @Column({ type: 'int', nullable: true }) population!: number | null;
  @Column({ type: 'daterange' }) effective!: string;
}

@LayerEntity('wards')
@Check('wards_effective_check', 'NOT isempty(effective)')
@Check('wards_population_check', 'population >= 0')
@Exclusion('wards_one_number_a_day', 'USING gist (ulb_id WITH =, number WITH =, effective WITH &&)')
export class Ward extends standing('MultiPolygon', WardAttributes) {}

@EndedLayerEntity('wards_history')
export class EndedWard extends ended('MultiPolygon', WardAttributes) {}

export const ulbEntities = [Ulb, Zone, EndedZone, Ward, EndedWard];
