import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** Work to be done: queue of record and outbox in one. Redis only rings for it. */
@Entity('jobs')
@Check('jobs_max_attempts_check', 'max_attempts > 0')
@Check('jobs_queue_check', "queue IN ('quick', 'batch', 'import')")
@Check('jobs_status_check', "status IN ('pending', 'running', 'done', 'failed', 'cancelled')")
@ForeignKey('ulbs', ['ulbId'], ['ulbId'], { name: 'jobs_ulb_id_fkey' })
@Index('jobs_open', ['ulbId', 'runAfter'], { where: "status IN ('pending', 'running')" })
@Index('jobs_open_key', ['ulbId', 'name', 'key'], {
  unique: true,
  where: "(key IS NOT NULL) AND (status = 'pending')",
})
export class JobRow {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) queue!: 'quick' | 'batch' | 'import';
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', nullable: true }) key!: string | null;
  @Column({ type: 'jsonb' }) payload!: Record<string, unknown>;
  @Column({ type: 'text', default: 'pending' })
  status!: 'pending' | 'running' | 'done' | 'failed' | 'cancelled';
  @Column({ type: 'int', default: 0 }) attempts!: number;
  @Column({ type: 'int', name: 'max_attempts' }) maxAttempts!: number;
  @Column({ type: 'timestamptz', name: 'run_after' }) runAfter!: Date;
  @Column({ type: 'timestamptz', name: 'rung_at', nullable: true }) rungAt!: Date | null;
  @Column({ type: 'timestamptz', name: 'lease_until', nullable: true }) leaseUntil!: Date | null;
  @Column({ type: 'text', nullable: true }) error!: string | null;
  @Column({ type: 'jsonb' }) actor!: Record<string, unknown>;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'timestamptz', name: 'finished_at', nullable: true }) finishedAt!: Date | null;
}

export const queueEntities = [JobRow];
