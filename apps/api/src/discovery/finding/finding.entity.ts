import type { Geometry } from 'geojson';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { FindingKind, FindingState } from './states.js';

const kinds =
  "kind IN ('no_account', 'area', 'extra_floor', 'changed_use', 'vacant_built', 'vacant_untaxed', 'demolished')";
const states =
  "state IN ('found', 'verified', 'noticed', 'objected', 'demanded', 'paid', 'dismissed', 'lapsed')";
const stage = `CASE state WHEN 'verified' THEN verified_at IS NOT NULL
  WHEN 'noticed' THEN noticed_on IS NOT NULL AND objections_until IS NOT NULL
  WHEN 'objected' THEN objected_on IS NOT NULL
  WHEN 'demanded' THEN demanded_on IS NOT NULL AND demanded_paise IS NOT NULL
  WHEN 'paid' THEN paid_on IS NOT NULL AND paid_paise IS NOT NULL AND demanded_on IS NOT NULL
  WHEN 'dismissed' THEN ended_at IS NOT NULL AND ended_reason IS NOT NULL
  WHEN 'lapsed' THEN ended_at IS NOT NULL ELSE true END`;

/** An allegation that the roll says less than the map shows. It is a demand only after somebody looked and a notice went out. */
@Entity('findings')
@Check('findings_kind_check', kinds)
@Check('findings_state_check', states)
@Check('findings_demanded_paise_check', 'demanded_paise > 0')
@Check('findings_paid_paise_check', 'paid_paise > 0')
@Check('findings_no_notice_unverified', 'noticed_on IS NULL OR verified_at IS NOT NULL')
@Check('findings_no_demand_unnoticed', 'demanded_on IS NULL OR noticed_on IS NOT NULL')
@Check(
  'findings_no_demand_early',
  'demanded_on IS NULL OR objected_on IS NOT NULL OR demanded_on > objections_until',
)
@Check('findings_stage', stage)
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'findings_ulb_id_fkey' })
@ForeignKey('discovery_runs', ['ulbId', 'firstRunId'], ['ulbId', 'id'], {
  name: 'findings_ulb_id_first_run_id_fkey',
})
@Index('findings_open', ['ulbId', 'subject', 'kind'], {
  unique: true,
  where: "state NOT IN ('paid', 'dismissed', 'lapsed')",
})
@Index('findings_subject', ['ulbId', 'subject', 'kind', 'foundAt'])
@Index('findings_ward', ['ulbId', 'wardNumber', 'state'])
@Index('findings_tile_id', ['ulbId', 'tileId'], { unique: true })
@Index('findings_geom_3857', ['ulbId', 'geom3857'], { spatial: true })
export class Finding {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({
    type: 'bigint',
    name: 'tile_id',
    nullable: true,
    asExpression: 'tile_id(id)',
    generatedType: 'STORED',
    insert: false,
    update: false,
  })
  tileId!: string;
  @Column({ type: 'text' }) kind!: FindingKind;
  @Column({ type: 'text', collation: 'C' }) subject!: string;
  @Column({ type: 'uuid', name: 'building_id', nullable: true }) buildingId!: string | null;
  @Column({ type: 'uuid', name: 'parcel_id', nullable: true }) parcelId!: string | null;
  @Column({ type: 'uuid', name: 'property_id', nullable: true }) propertyId!: string | null;
  @Column({ type: 'text', name: 'ward_number', collation: 'C' }) wardNumber!: string;
  @Column({ type: 'text', default: 'found' }) state!: FindingState;
  @Column({ type: 'text' }) fingerprint!: string;
  @Column({ type: 'numeric', name: 'measured_m2', precision: 16, scale: 3, nullable: true })
  measuredM2!: string | null;
  @Column({ type: 'numeric', name: 'declared_m2', precision: 16, scale: 4, nullable: true })
  declaredM2!: string | null;
  @Column({ type: 'numeric', name: 'adopted_m2', precision: 16, scale: 4, nullable: true })
  adoptedM2!: string | null;
  @Column({ type: 'jsonb' }) evidence!: Record<string, unknown>;
  @Column({ type: 'smallint' }) fy!: number;
  @Column({ type: 'bigint', name: 'estimate_paise', nullable: true }) estimatePaise!: string | null;
  @Column({ type: 'jsonb' }) estimate!: Record<string, unknown>;
  @Column({ type: 'uuid', name: 'previous_id', nullable: true }) previousId!: string | null;
  @Column({ type: 'uuid', name: 'first_run_id' }) firstRunId!: string;
  @Column({ type: 'uuid', name: 'last_run_id' }) lastRunId!: string;
  @Column({ type: 'timestamptz', name: 'found_at' }) foundAt!: Date;
  @Column({ type: 'timestamptz', name: 'verified_at', nullable: true }) verifiedAt!: Date | null;
  @Column({ type: 'date', name: 'noticed_on', nullable: true }) noticedOn!: string | null;
  @Column({ type: 'date', name: 'objections_until', nullable: true }) objectionsUntil!: string | null;
  @Column({ type: 'date', name: 'objected_on', nullable: true }) objectedOn!: string | null;
  @Column({ type: 'date', name: 'demanded_on', nullable: true }) demandedOn!: string | null;
  @Column({ type: 'bigint', name: 'demanded_paise', nullable: true }) demandedPaise!: string | null;
  @Column({ type: 'date', name: 'paid_on', nullable: true }) paidOn!: string | null;
  @Column({ type: 'bigint', name: 'paid_paise', nullable: true }) paidPaise!: string | null;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true }) endedAt!: Date | null;
  @Column({ type: 'text', name: 'ended_reason', nullable: true }) endedReason!: string | null;
  @Column({ type: 'timestamptz', name: 'changed_at' }) changedAt!: Date;
  @Column({ type: 'geometry', spatialFeatureType: 'Geometry', srid: 4326 }) geom!: Geometry;
  @Column({
    type: 'geometry',
    name: 'geom_3857',
    spatialFeatureType: 'Geometry',
    srid: 3857,
    nullable: true,
    asExpression: 'st_transform(geom, 3857)',
    generatedType: 'STORED',
    insert: false,
    update: false,
  })
  geom3857!: Geometry;
}

/** What happened to a finding, by whom and why. Append only. */
@Entity('finding_events')
@Check('finding_events_event_no_check', 'event_no > 0')
@ForeignKey('findings', ['ulbId', 'findingId'], ['ulbId', 'id'], {
  name: 'finding_events_ulb_id_finding_id_fkey',
})
export class FindingEvent {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'finding_id' }) findingId!: string;
  @PrimaryColumn({ type: 'smallint', name: 'event_no' }) eventNo!: number;
  @Column({ type: 'text', name: 'from_state', nullable: true }) fromState!: FindingState | null;
  @Column({ type: 'text', name: 'to_state' }) toState!: FindingState;
  @Column({ type: 'text', nullable: true }) note!: string | null;
  @Column({ type: 'text', name: 'by_login' }) byLogin!: string;
  @Column({ type: 'timestamptz' }) at!: Date;
}

export const findingEntities = [Finding, FindingEvent];
