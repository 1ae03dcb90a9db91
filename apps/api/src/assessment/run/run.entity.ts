import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** One assessment of a year for the town or some wards, under one tariff. */
@Entity('assessment_runs')
@Check('assessment_runs_fy_check', 'fy BETWEEN 1950 AND 2200')
@Check(
  'assessment_runs_status_check',
  "status IN ('pending', 'running', 'computed', 'publishing', 'published', 'withdrawn', 'failed', 'cancelled')",
)
@Check(
  'assessment_runs_second_person',
  'published_by_login IS NULL OR (published_by_login <> created_by_login AND (published_by <> created_by) IS NOT FALSE)',
)
@Check('assessment_runs_published', 'published_at IS NULL OR published_by_login IS NOT NULL')
@Check('assessment_runs_published_at', "status <> 'published' OR published_at IS NOT NULL")
@Check('assessment_runs_revision_reason', 'property_id IS NULL OR reason IS NOT NULL')
@Check(
  'assessment_runs_reconciled',
  "status NOT IN ('computed', 'publishing', 'published', 'withdrawn') OR properties = assessed + exempt + exceptions + unchanged",
)
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'assessment_runs_ulb_id_fkey' })
@ForeignKey('tariff_files', ['ulbId', 'tariffSha256'], ['ulbId', 'sha256'], {
  name: 'assessment_runs_ulb_id_tariff_sha256_fkey',
})
@ForeignKey('tariff_files', ['ulbId', 'collectionSha256'], ['ulbId', 'sha256'], {
  name: 'assessment_runs_ulb_id_collection_sha256_fkey',
})
@Index('assessment_runs_open', ['ulbId', 'fy'], {
  unique: true,
  where: "property_id IS NULL AND status IN ('pending', 'running', 'computed', 'publishing')",
})
@Index('assessment_runs_open_revision', ['ulbId', 'fy', 'propertyId'], {
  unique: true,
  where: "property_id IS NOT NULL AND status IN ('pending', 'running', 'computed', 'publishing')",
})
@Index('assessment_runs_client_key', ['ulbId', 'clientKey'], {
  unique: true,
  where: 'client_key IS NOT NULL',
})
export class AssessmentRun {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'smallint' }) fy!: number;
  @Column({ type: 'text', name: 'ward_numbers', array: true, nullable: true }) wardNumbers!: string[] | null;
  @Column({ type: 'date', name: 'effective_on' }) effectiveOn!: string;
  @Column({ type: 'text', name: 'tariff_sha256' }) tariffSha256!: string;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'int', default: 0 }) properties!: number;
  @Column({ type: 'int', default: 0 }) assessed!: number;
  @Column({ type: 'int', default: 0 }) exempt!: number;
  @Column({ type: 'int', default: 0 }) exceptions!: number;
  @Column({ type: 'int', default: 0 }) unchanged!: number;
  @Column({ type: 'bigint', name: 'total_paise', default: 0 }) totalPaise!: string;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  @Column({ type: 'jsonb', name: 'map_breaks', nullable: true }) mapBreaks!: Record<string, unknown> | null;
  @Column({ type: 'uuid', name: 'created_by', nullable: true }) createdBy!: string | null;
  @Column({ type: 'text', name: 'created_by_login' }) createdByLogin!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'started_at', nullable: true }) startedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true }) finishedAt!: Date | null;
  @Column({ type: 'text', name: 'client_key', nullable: true }) clientKey!: string | null;
  @Column({ type: 'uuid', name: 'property_id', nullable: true }) propertyId!: string | null;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'text', name: 'order_ref', nullable: true }) orderRef!: string | null;
  @Column({ type: 'jsonb', nullable: true }) charges!: Record<string, unknown>[] | null;
  @Column({ type: 'bigint', name: 'net_paise', default: 0 }) netPaise!: string;
  @Column({ type: 'text', name: 'collection_sha256', nullable: true }) collectionSha256!: string | null;
  @Column({ type: 'jsonb', name: 'rebate_charges', nullable: true }) rebateCharges!:
    Record<string, unknown>[] | null;
  @Column({ type: 'bigint', name: 'rebate_paise', default: 0 }) rebatePaise!: string;
  @Column({ type: 'timestamptz', name: 'lapsed_at', nullable: true }) lapsedAt!: Date | null;
  @Column({ type: 'uuid', name: 'published_by', nullable: true }) publishedBy!: string | null;
  @Column({ type: 'text', name: 'published_by_login', nullable: true }) publishedByLogin!: string | null;
  @Column({ type: 'timestamptz', name: 'publish_asked_at', nullable: true }) publishAskedAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'published_at', nullable: true }) publishedAt!: Date | null;
  @Column({ type: 'text', name: 'withdrawn_by_login', nullable: true }) withdrawnByLogin!: string | null;
  @Column({ type: 'timestamptz', name: 'withdrawn_at', nullable: true }) withdrawnAt!: Date | null;
  @Column({ type: 'text', name: 'withdrawn_reason', nullable: true }) withdrawnReason!: string | null;
}

/** The part of a run that one transaction assesses: a range of property ids. */
@Entity('assessment_chunks')
@Check('assessment_chunks_status_check', "status IN ('pending', 'done')")
@ForeignKey('assessment_runs', ['ulbId', 'runId'], ['ulbId', 'id'], {
  name: 'assessment_chunks_ulb_id_run_id_fkey',
})
export class AssessmentChunk {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'run_id' }) runId!: string;
  @PrimaryColumn({ type: 'int', name: 'chunk_no' }) chunkNo!: number;
  @Column({ type: 'uuid', name: 'first_property' }) firstProperty!: string;
  @Column({ type: 'uuid', name: 'last_property' }) lastProperty!: string;
  @Column({ type: 'int' }) properties!: number;
  @Column({ type: 'text' }) status!: 'pending' | 'done';
  @Column({ type: 'int', nullable: true }) assessed!: number | null;
  @Column({ type: 'int', nullable: true }) exempt!: number | null;
  @Column({ type: 'int', nullable: true }) exceptions!: number | null;
  @Column({ type: 'int', nullable: true }) unchanged!: number | null;
  @Column({ type: 'bigint', name: 'total_paise', nullable: true }) totalPaise!: string | null;
  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true }) finishedAt!: Date | null;
  @Column({ type: 'bigint', name: 'net_paise', nullable: true }) netPaise!: string | null;
  @Column({ type: 'bigint', name: 'rebate_paise', nullable: true }) rebatePaise!: string | null;
  @Column({ type: 'timestamptz', name: 'posted_at', nullable: true }) postedAt!: Date | null;
}

/** A property that a run could not assess, and why. */
@Entity('assessment_exceptions')
@ForeignKey('assessment_runs', ['ulbId', 'runId'], ['ulbId', 'id'], {
  name: 'assessment_exceptions_ulb_id_run_id_fkey',
})
export class AssessmentException {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'run_id' }) runId!: string;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @Column({ type: 'text', array: true }) reasons!: string[];
}

/** What a property owes for a year and how it was reckoned. Append only: a revision is the next `assessmentNo`. */
@Entity('assessments')
@Check('assessments_total_paise_check', 'total_paise >= 0')
export class Assessment {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @PrimaryColumn({ type: 'smallint' }) fy!: number;
  @PrimaryColumn({ type: 'smallint', name: 'assessment_no' }) assessmentNo!: number;
  @Column({ type: 'uuid', name: 'run_id' }) runId!: string;
  @Column({ type: 'text', name: 'tariff_sha256' }) tariffSha256!: string;
  @Column({ type: 'date', name: 'effective_on' }) effectiveOn!: string;
  @Column({ type: 'text', name: 'ward_number', collation: 'C', nullable: true }) wardNumber!: string | null;
  @Column({ type: 'boolean' }) exempt!: boolean;
  @Column({ type: 'bigint', name: 'total_paise' }) totalPaise!: string;
  @Column({ type: 'json' }) inputs!: Record<string, unknown>;
  @Column({ type: 'json' }) steps!: Record<string, unknown>;
  @Column({ type: 'bigint', name: 'amounts_paise', array: true, nullable: true }) amountsPaise!:
    string[] | null;
}

export const runEntities = [AssessmentRun, AssessmentChunk, AssessmentException, Assessment];
