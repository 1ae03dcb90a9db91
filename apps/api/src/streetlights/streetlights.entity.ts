import { Check, Column } from 'typeorm';
import { ended, EndedLayerEntity, LayerEntity, LayerRow, standing } from '../map/layer.entity.js';

abstract class PoleAttributes extends LayerRow {
  @Column({ type: 'text', name: 'pole_no', collation: 'C', nullable: true }) poleNo!: string | null;
  @Column({ type: 'text', nullable: true }) kind!: string | null;
  @Column({ type: 'text', name: 'ward_number', collation: 'C', nullable: true }) wardNumber!: string | null;
}

@LayerEntity('poles')
export class Pole extends standing('Point', PoleAttributes) {}

@EndedLayerEntity('poles_history')
export class EndedPole extends ended('Point', PoleAttributes) {}

abstract class StreetlightAttributes extends LayerRow {
  @Column({ type: 'text', name: 'pole_no', collation: 'C', nullable: true }) poleNo!: string | null;
  @Column({ type: 'text', name: 'fixture_type', nullable: true }) fixtureType!: string | null;
  @Column({ type: 'boolean', nullable: true }) led!: boolean | null;
  @Column({ type: 'smallint', name: 'lamp_count', nullable: true }) lampCount!: number | null;
  @Column({ type: 'int', name: 'wattage_w', nullable: true }) wattageW!: number | null;
  @Column({ type: 'text', nullable: true }) owner!: string | null;
  @Column({ type: 'text', nullable: true }) state!: string | null;
  @Column({ type: 'text', name: 'feeder_no', collation: 'C', nullable: true }) feederNo!: string | null;
  @Column({ type: 'text', name: 'road_no', collation: 'C', nullable: true }) roadNo!: string | null;
  @Column({ type: 'date', name: 'installed_on', nullable: true }) installedOn!: string | null;
  @Column({ type: 'text', name: 'ward_number', collation: 'C', nullable: true }) wardNumber!: string | null;
}

@LayerEntity('streetlights')
@Check('streetlights_lamp_count_check', 'lamp_count BETWEEN 0 AND 20')
@Check('streetlights_wattage_w_check', 'wattage_w BETWEEN 0 AND 5000')
export class Streetlight extends standing('Point', StreetlightAttributes) {}

@EndedLayerEntity('streetlights_history')
export class EndedStreetlight extends ended('Point', StreetlightAttributes) {}

export const streetlightEntities = [Pole, EndedPole, Streetlight, EndedStreetlight];
