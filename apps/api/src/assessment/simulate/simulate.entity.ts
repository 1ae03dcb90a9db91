import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** Two tariffs over one roll, side by side, with what came out. Nothing of it is demanded. */
@Entity('simulations')
@Check('simulations_fy_check', 'fy BETWEEN 1950 AND 2200')
@Check('simulations_status_check', "status IN ('pending', 'running', 'done', 'failed', 'cancelled')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'simulations_ulb_id_fkey' })
@Index('simulations_newest', ['ulbId', 'createdAt'])
export class Simulation {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'smallint' }) fy!: number;
  @Column({ type: 'date', name: 'effective_on' }) effectiveOn!: string;
  @Column({ type: 'text', array: true, name: 'ward_numbers', nullable: true }) wardNumbers!: string[] | null;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'jsonb' }) present!: Record<string, unknown>;
  @Column({ type: 'jsonb' }) proposed!: Record<string, unknown>;
  @Column({ type: 'uuid', name: 'roll_id' }) rollId!: string;
  @Column({ type: 'int' }) properties!: number;
  @Column({ type: 'int', name: 'chunks_done', default: 0 }) chunksDone!: number;
  @Column({ type: 'int', name: 'chunks_total' }) chunksTotal!: number;
  @Column({ type: 'jsonb', nullable: true }) result!: Record<string, unknown> | null;
  @Column({ type: 'int', array: true, name: 'map_counts', nullable: true }) mapCounts!: number[] | null;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  @Column({ type: 'uuid', name: 'created_by', nullable: true }) createdBy!: string | null;
  @Column({ type: 'text', name: 'created_by_login' }) createdByLogin!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

/** The roll as it stood when its properties were numbered: ids, wards and uses in chunks. */
@Entity('simulation_rolls')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'simulation_rolls_ulb_id_fkey' })
export class SimulationRoll {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'date', name: 'effective_on' }) effectiveOn!: string;
  @Column({ type: 'text', array: true, name: 'ward_numbers', nullable: true }) wardNumbers!: string[] | null;
  @Column({ type: 'text' }) fingerprint!: string;
  @Column({ type: 'int' }) properties!: number;
  @Column({ type: 'int' }) chunks!: number;
  @Column({ type: 'timestamptz', name: 'used_at' }) usedAt!: Date;
}

@Entity('simulation_roll_chunks')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'simulation_roll_chunks_ulb_id_fkey' })
export class SimulationRollChunk {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'roll_id' }) rollId!: string;
  @PrimaryColumn({ type: 'int', name: 'chunk_no' }) chunkNo!: number;
  @Column({ type: 'uuid', array: true, name: 'property_ids' }) propertyIds!: string[];
  @Column({ type: 'text', array: true, name: 'ward_numbers' }) wardNumbers!: (string | null)[];
  @Column({ type: 'text', array: true }) uses!: (string | null)[];
}

/** One tariff over one roll. */
@Entity('simulation_sides')
@Unique('simulation_sides_ulb_id_roll_id_sha256_fy_key', ['ulbId', 'rollId', 'sha256', 'fy'])
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'simulation_sides_ulb_id_fkey' })
export class SimulationSide {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid', name: 'roll_id' }) rollId!: string;
  @Column({ type: 'text' }) sha256!: string;
  @Column({ type: 'smallint' }) fy!: number;
  @Column({ type: 'timestamptz', name: 'used_at' }) usedAt!: Date;
}

@Entity('simulation_side_chunks')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'simulation_side_chunks_ulb_id_fkey' })
export class SimulationSideChunk {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'side_id' }) sideId!: string;
  @PrimaryColumn({ type: 'int', name: 'chunk_no' }) chunkNo!: number;
  @Column({ type: 'bigint', array: true, name: 'total_paise' }) totalPaise!: (string | null)[];
  @Column({ type: 'bigint', array: true, name: 'head_paise' }) headPaise!: (string | null)[];
  @Column({ type: 'bigint', array: true, name: 'head_sums_paise' }) headSumsPaise!: string[];
  @Column({ type: 'boolean', array: true }) exempt!: boolean[];
  @Column({ type: 'text', array: true }) missing!: (string | null)[];
}

@Entity('simulation_cells')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'simulation_cells_ulb_id_fkey' })
export class SimulationCell {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'simulation_id' }) simulationId!: string;
  @PrimaryColumn({ type: 'int' }) x!: number;
  @PrimaryColumn({ type: 'int' }) y!: number;
  @Column({ type: 'bigint', array: true, name: 'tile_ids' }) tileIds!: string[];
  @Column({ type: 'smallint', array: true }) classes!: number[];
  @Column({ type: 'bigint', array: true, name: 'changes_paise' }) changesPaise!: string[];
}

export const simulationEntities = [
  Simulation,
  SimulationRoll,
  SimulationRollChunk,
  SimulationSide,
  SimulationSideChunk,
  SimulationCell,
];
