import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Tolerances of a municipality, where it has set its own. */
@Entity('discovery_settings')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'discovery_settings_ulb_id_fkey' })
export class DiscoverySettingsRow {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @Column({ type: 'jsonb' }) settings!: Record<string, unknown>;
  @Column({ type: 'text', name: 'changed_by' }) changedBy!: string;
  @Column({ type: 'timestamptz', name: 'changed_at' }) changedAt!: Date;
}

/** One comparison of the map with the roll, for the town or some wards, with what it counted. */
@Entity('discovery_runs')
@Check('discovery_runs_fy_check', 'fy BETWEEN 1950 AND 2200')
@Check('discovery_runs_status_check', "status IN ('pending', 'running', 'done', 'failed', 'cancelled')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'discovery_runs_ulb_id_fkey' })
@Index('discovery_runs_open', ['ulbId'], { unique: true, where: "status IN ('pending', 'running')" })
export class DiscoveryRun {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'smallint' }) fy!: number;
  @Column({ type: 'date', name: 'effective_on' }) effectiveOn!: string;
  @Column({ type: 'text', name: 'ward_numbers', array: true, nullable: true }) wardNumbers!: string[] | null;
  @Column({ type: 'text', name: 'tariff_sha256', nullable: true }) tariffSha256!: string | null;
  @Column({ type: 'jsonb' }) settings!: Record<string, unknown>;
  @Column({ type: 'text' }) status!: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  @Column({ type: 'jsonb', default: {} }) counts!: Record<string, unknown>;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  @Column({ type: 'text', name: 'created_by_login' }) createdByLogin!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

const ofRun =
  (table: string): ClassDecorator =>
  (target) =>
    ForeignKey('discovery_runs', ['ulbId', 'runId'], ['ulbId', 'id'], {
      name: `${table}_ulb_id_run_id_fkey`,
    })(target);

/** How far a run is in one ward; '' is the ward of what lies in none. */
@Entity('discovery_wards')
@ofRun('discovery_wards')
export class DiscoveryWard {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'run_id' }) runId!: string;
  @PrimaryColumn({ type: 'text', name: 'ward_number', collation: 'C' }) wardNumber!: string;
  @Column({ type: 'timestamptz', name: 'linked_at', nullable: true }) linkedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'examined_at', nullable: true }) examinedAt!: Date | null;
  @Column({ type: 'int', default: 0 }) footprints!: number;
  @Column({ type: 'int', default: 0 }) properties!: number;
  @Column({ type: 'int', default: 0 }) findings!: number;
}

/** On which land a footprint stands, and the class into which it fell. */
@Entity('discovery_footprints')
@ofRun('discovery_footprints')
@Index('discovery_footprints_group', ['ulbId', 'runId', 'groupId'])
export class DiscoveryFootprint {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'run_id' }) runId!: string;
  @PrimaryColumn({ type: 'uuid', name: 'building_id' }) buildingId!: string;
  @Column({ type: 'text', name: 'ward_number', collation: 'C' }) wardNumber!: string;
  @Column({ type: 'boolean' }) own!: boolean;
  @Column({ type: 'numeric', name: 'area_m2', precision: 16, scale: 3 }) areaM2!: string;
  @Column({ type: 'uuid', name: 'parcel_id', nullable: true }) parcelId!: string | null;
  @Column({ type: 'numeric', precision: 6, scale: 4, default: 0 }) overlap!: string;
  @Column({ type: 'uuid', name: 'group_id' }) groupId!: string;
  @Column({ type: 'text', nullable: true }) class!: string | null;
}

/** Where a property was found on the map, and the class into which it fell. */
@Entity('discovery_accounts')
@Check('discovery_accounts_linked_by_check', "linked_by IN ('parcel', 'position', 'nothing')")
@ofRun('discovery_accounts')
@Index('discovery_accounts_group', ['ulbId', 'runId', 'groupId'])
export class DiscoveryAccount {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'run_id' }) runId!: string;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @Column({ type: 'text', name: 'ward_number', collation: 'C' }) wardNumber!: string;
  @Column({ type: 'boolean' }) own!: boolean;
  @Column({ type: 'text', name: 'linked_by' }) linkedBy!: 'parcel' | 'position' | 'nothing';
  @Column({ type: 'uuid', name: 'group_id' }) groupId!: string;
  @Column({ type: 'text', nullable: true }) class!: string | null;
}

/** Footprints and properties that belong together: one, several or none on either side. */
@Entity('discovery_groups')
@ofRun('discovery_groups')
@Index('discovery_groups_ward', ['ulbId', 'runId', 'wardNumber'])
export class DiscoveryGroup {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'run_id' }) runId!: string;
  @PrimaryColumn({ type: 'uuid', name: 'group_id' }) groupId!: string;
  @Column({ type: 'text', name: 'ward_number', collation: 'C' }) wardNumber!: string;
  @Column({ type: 'int' }) footprints!: number;
  @Column({ type: 'int' }) accounts!: number;
  @Column({ type: 'uuid', name: 'lead_building', nullable: true }) leadBuilding!: string | null;
  @Column({ type: 'uuid', name: 'lead_property', nullable: true }) leadProperty!: string | null;
  @Column({ type: 'uuid', name: 'parcel_id', nullable: true }) parcelId!: string | null;
}

export const discoveryRunEntities = [
  DiscoverySettingsRow,
  DiscoveryRun,
  DiscoveryWard,
  DiscoveryFootprint,
  DiscoveryAccount,
  DiscoveryGroup,
];
