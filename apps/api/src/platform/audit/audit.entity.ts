import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** One line of the audit log: who did what to what, and why. Append only. */
@Entity('audit_log')
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'audit_log_ulb_id_fkey' })
@Index('audit_log_noun', ['ulbId', 'noun', 'nounId'])
export class AuditEntry {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'timestamptz' }) at!: Date;
  @Column({ type: 'uuid', name: 'actor_id', nullable: true }) actorId!: string | null;
  @Column({ type: 'text', name: 'actor_login' }) actorLogin!: string;
  @Column({ type: 'text' }) action!: string;
  @Column({ type: 'text' }) noun!: string;
  @Column({ type: 'text', name: 'noun_id', nullable: true }) nounId!: string | null;
  @Column({ type: 'jsonb', nullable: true }) before!: Record<string, unknown> | null;
  @Column({ type: 'jsonb', nullable: true }) after!: Record<string, unknown> | null;
  @Column({ type: 'text', nullable: true }) reason!: string | null;
}

/** The place of one line in the chain of hashes that shows a line removed or changed. Append only. */
@Entity('audit_chain')
@Check('audit_chain_seq_check', 'seq > 0')
@ForeignKey('audit_log', ['ulbId', 'auditId'], ['ulbId', 'id'], { name: 'audit_chain_ulb_id_audit_id_fkey' })
@Unique('audit_chain_ulb_id_audit_id_key', ['ulbId', 'auditId'])
export class AuditLink {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'bigint' }) seq!: string;
  @Column({ type: 'uuid', name: 'audit_id' }) auditId!: string;
  @Column({ type: 'bytea' }) hash!: Buffer;
}

export const auditEntities = [AuditEntry, AuditLink];
