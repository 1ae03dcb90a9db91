import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** A tariff on its way: drafted, submitted, and approved by a second person or returned. */
@Entity('tariff_proposals')
@Check('tariff_proposals_kind_check', "kind IN ('assessment', 'collection')")
@Check('tariff_proposals_purpose_check', 'length(purpose) BETWEEN 1 AND 500')
@Check('tariff_proposals_version_check', 'version > 0')
@Check(
  'tariff_proposals_status_check',
  "status IN ('draft', 'submitted', 'returned', 'approved', 'discarded')",
)
@Check('tariff_proposals_makers_check', 'cardinality(makers) > 0 AND array_position(makers, NULL) IS NULL')
@Check('tariff_proposals_second_person', 'decided_by IS NULL OR NOT decided_by = ANY (makers)')
@Check('tariff_proposals_submitted', "status <> 'submitted' OR submitted_at IS NOT NULL")
@Check('tariff_proposals_decided', "status NOT IN ('returned', 'approved') OR decided_by IS NOT NULL")
@Check('tariff_proposals_reason', "status <> 'returned' OR reason IS NOT NULL")
@Check('tariff_proposals_approved', "(status = 'approved') = (installed_sha256 IS NOT NULL)")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'tariff_proposals_ulb_id_fkey' })
@ForeignKey('tariff_files', ['ulbId', 'baseSha256'], ['ulbId', 'sha256'], {
  name: 'tariff_proposals_base_fkey',
})
@ForeignKey('tariff_files', ['ulbId', 'installedSha256'], ['ulbId', 'sha256'], {
  name: 'tariff_proposals_installed_fkey',
})
export class TariffProposal {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) kind!: 'assessment' | 'collection';
  @Column({ type: 'text' }) purpose!: string;
  @Column({ type: 'text', name: 'base_sha256', nullable: true }) baseSha256!: string | null;
  @Column({ type: 'text' }) source!: string;
  @Column({ type: 'int', default: 1 }) version!: number;
  @Column({ type: 'text' }) status!: string;
  @Column({ type: 'uuid', array: true }) makers!: string[];
  @Column({ type: 'text', name: 'created_by_login' }) createdByLogin!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'text', name: 'changed_by_login' }) changedByLogin!: string;
  @Column({ type: 'timestamptz', name: 'changed_at' }) changedAt!: Date;
  @Column({ type: 'text', name: 'submitted_by_login', nullable: true }) submittedByLogin!: string | null;
  @Column({ type: 'timestamptz', name: 'submitted_at', nullable: true }) submittedAt!: Date | null;
  @Column({ type: 'uuid', name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @Column({ type: 'text', name: 'decided_by_login', nullable: true }) decidedByLogin!: string | null;
  @Column({ type: 'timestamptz', name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
  @Column({ type: 'text', name: 'installed_sha256', nullable: true }) installedSha256!: string | null;
}

export const tariffProposalEntities = [TariffProposal];
