import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Who made something and who decided on it: two people, by the database's own check. */
abstract class MadeAndDecided {
  @Column({ type: 'uuid', name: 'made_by', nullable: true }) madeBy!: string | null;
  @Column({ type: 'text', name: 'made_by_login' }) madeByLogin!: string;
  @Column({ type: 'timestamptz', name: 'made_at' }) madeAt!: Date;
  @Column({ type: 'uuid', name: 'decided_by', nullable: true }) decidedBy!: string | null;
  @Column({ type: 'text', name: 'decided_by_login', nullable: true }) decidedByLogin!: string | null;
  @Column({ type: 'timestamptz', name: 'decided_at', nullable: true }) decidedAt!: Date | null;
  @Column({ type: 'text', name: 'decision_reason', nullable: true }) decisionReason!: string | null;
}

const twoPeople =
  'decided_by_login <> made_by_login AND decided_by IS DISTINCT FROM made_by OR decided_at IS NULL';

/** A file of many changes, decided upon as one. */
@Entity('property_change_batches')
@Check('property_change_batches_file_sha256_check', "file_sha256 ~ '^[0-9a-f]{64}$'")
@Check('property_change_batches_status_check', "status IN ('submitted', 'approved', 'returned')")
@Check('property_change_batches_two_people', twoPeople)
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'property_change_batches_ulb_id_fkey' })
@Index('property_change_batches_file', ['ulbId', 'fileSha256'], {
  unique: true,
  where: "status <> 'returned'",
})
export class PropertyChangeBatch extends MadeAndDecided {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) file!: string;
  @Column({ type: 'text', name: 'file_sha256' }) fileSha256!: string;
  @Column({ type: 'text' }) status!: 'submitted' | 'approved' | 'returned';
  @Column({ type: 'jsonb' }) report!: Record<string, unknown>;
}

/** What somebody wants to change in one property, and what became of it. Its operations may name persons. */
@Entity('property_changes')
@Check('property_changes_kind_check', "kind IN ('create', 'alter', 'return', 'retire')")
@Check(
  'property_changes_status_check',
  "status IN ('draft', 'submitted', 'approved', 'returned', 'withdrawn')",
)
@Check('property_changes_base_version_check', 'base_version >= 0')
@Check('property_changes_reason_check', 'length(btrim(reason)) >= 5')
@Check('property_changes_digest_check', "digest ~ '^[0-9a-f]{64}$'")
@Check('property_changes_two_people', twoPeople)
@Check('property_changes_decided', "(status IN ('approved', 'returned')) = (decided_at IS NOT NULL)")
@Check('property_changes_applied', "(status = 'approved') = (applied_version IS NOT NULL)")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'property_changes_ulb_id_fkey' })
@ForeignKey('property_change_batches', ['ulbId', 'batchId'], ['ulbId', 'id'], {
  name: 'property_changes_batch_fkey',
})
@Index('property_changes_open', ['ulbId', 'propertyId'], { unique: true, where: "status = 'submitted'" })
@Index('property_changes_queue', ['ulbId', 'status', 'id'])
@Index('property_changes_property', ['ulbId', 'propertyId', 'appliedVersion'])
@Index('property_changes_batch', ['ulbId', 'batchId'])
export class PropertyChange extends MadeAndDecided {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @Column({ type: 'uuid', name: 'batch_id', nullable: true }) batchId!: string | null;
  @Column({ type: 'text' }) kind!: 'create' | 'alter' | 'return' | 'retire';
  @Column({ type: 'text' }) status!: 'draft' | 'submitted' | 'approved' | 'returned' | 'withdrawn';
  @Column({ type: 'int', name: 'base_version' }) baseVersion!: number;
  @Column({ type: 'date', name: 'effective_on' }) effectiveOn!: string;
  @Column({ type: 'text', nullable: true }) document!: string | null;
  @Column({ type: 'text' }) reason!: string;
  @Column({ type: 'text', collation: 'C', nullable: true }) number!: string | null;
  @Column({ type: 'text', name: 'ward_number', collation: 'C', nullable: true }) wardNumber!: string | null;
  @Column({ type: 'jsonb' }) operations!: Record<string, unknown>[];
  @Column({ type: 'text' }) digest!: string;
  @Column({ type: 'timestamptz', name: 'submitted_at', nullable: true }) submittedAt!: Date | null;
  @Column({ type: 'int', name: 'applied_version', nullable: true }) appliedVersion!: number | null;
}

/** What an owner declared for a year, and what its check found. */
@Entity('property_returns')
@Check('property_returns_fy_check', 'fy BETWEEN 1950 AND 2200')
@Check('property_returns_status_check', "status IN ('filed', 'accepted', 'rejected', 'revised')")
@Check('property_returns_filed_for_check', "filed_for IN ('owner', 'occupier', 'office')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'property_returns_ulb_id_fkey' })
@ForeignKey('properties', ['ulbId', 'propertyId'], ['ulbId', 'id'], {
  name: 'property_returns_property_fkey',
})
@ForeignKey('property_changes', ['ulbId', 'changeId'], ['ulbId', 'id'], {
  name: 'property_returns_change_fkey',
})
@Index('property_returns_open', ['ulbId', 'propertyId', 'fy'], { unique: true, where: "status = 'filed'" })
@Index('property_returns_property', ['ulbId', 'propertyId', 'id'])
export class PropertyReturn extends MadeAndDecided {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @Column({ type: 'smallint' }) fy!: number;
  @Column({ type: 'text' }) status!: 'filed' | 'accepted' | 'rejected' | 'revised';
  @Column({ type: 'text', name: 'filed_for' }) filedFor!: 'owner' | 'occupier' | 'office';
  @Column({ type: 'text', nullable: true }) document!: string | null;
  @Column({ type: 'jsonb' }) declared!: Record<string, unknown>[];
  @Column({ type: 'jsonb' }) findings!: Record<string, unknown>[];
  @Column({ type: 'uuid', name: 'change_id', nullable: true }) changeId!: string | null;
}

export const propertyFileEntities = [PropertyChangeBatch, PropertyChange, PropertyReturn];
