import { Check, Column } from 'typeorm';
import { ended, EndedLayerEntity, LayerEntity, LayerRow, standing } from '../map/layer.entity.js';

abstract class RoadAttributes extends LayerRow {
  @Column({ type: 'text', name: 'road_no', collation: 'C', nullable: true }) roadNo!: string | null;
  @Column({ type: 'text', nullable: true }) name!: string | null;
  @Column({ type: 'text', name: 'name_local', nullable: true }) nameLocal!: string | null;
  @Column({ type: 'text', nullable: true }) class!: string | null;
  @Column({ type: 'text', name: 'one_way', nullable: true }) oneWay!: 'no' | 'forward' | 'backward' | null;
  @Column({ type: 'numeric', name: 'width_m', precision: 6, scale: 2, nullable: true })
  widthM!: string | null;
  @Column({ type: 'smallint', nullable: true }) lanes!: number | null;
  @Column({ type: 'text', nullable: true }) surface!: string | null;
  @Column({ type: 'text', name: 'from_node', collation: 'C', nullable: true }) fromNode!: string | null;
  @Column({ type: 'text', name: 'to_node', collation: 'C', nullable: true }) toNode!: string | null;
}

@LayerEntity('roads')
@Check('roads_lanes_check', 'lanes BETWEEN 1 AND 20')
@Check('roads_one_way_check', "one_way IN ('no', 'forward', 'backward')")
@Check('roads_width_m_check', 'width_m > 0')
export class Road extends standing('LineString', RoadAttributes) {}

@EndedLayerEntity('roads_history')
export class EndedRoad extends ended('LineString', RoadAttributes) {}

abstract class RoadNodeAttributes extends LayerRow {
  @Column({ type: 'text', name: 'node_no', collation: 'C', nullable: true }) nodeNo!: string | null;
  @Column({ type: 'text', nullable: true }) name!: string | null;
}

@LayerEntity('road_nodes')
export class RoadNode extends standing('Point', RoadNodeAttributes) {}

@EndedLayerEntity('road_nodes_history')
export class EndedRoadNode extends ended('Point', RoadNodeAttributes) {}

export const roadEntities = [Road, EndedRoad, RoadNode, EndedRoadNode];
