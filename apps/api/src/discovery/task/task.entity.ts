import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';

/** A visit to the place of a finding: who goes, by when, and what was seen. */
@Entity('survey_tasks')
@Check('survey_tasks_state_check', "state IN ('open', 'done', 'cancelled')")
@Check('survey_tasks_outcome_check', "outcome IN ('confirmed', 'refuted', 'unclear')")
@Check('survey_tasks_check', "(state = 'done') = (outcome IS NOT NULL)")
@Check('survey_tasks_check1', "(state = 'open') = (ended_at IS NULL)")
@ForeignKey('findings', ['ulbId', 'findingId'], ['ulbId', 'id'], {
  name: 'survey_tasks_ulb_id_finding_id_fkey',
})
@Index('survey_tasks_open', ['ulbId', 'findingId'], { unique: true, where: "state = 'open'" })
@Index('survey_tasks_ward', ['ulbId', 'wardNumber', 'state', 'dueOn'])
export class SurveyTask {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'uuid', name: 'finding_id' }) findingId!: string;
  @Column({ type: 'text', name: 'ward_number', collation: 'C' }) wardNumber!: string;
  @Column({ type: 'text', name: 'assigned_to', collation: 'C' }) assignedTo!: string;
  @Column({ type: 'date', name: 'due_on' }) dueOn!: string;
  @Column({ type: 'text', nullable: true }) instruction!: string | null;
  @Column({ type: 'text', default: 'open' }) state!: 'open' | 'done' | 'cancelled';
  @Column({ type: 'text', nullable: true }) outcome!: 'confirmed' | 'refuted' | 'unclear' | null;
  @Column({ type: 'text', nullable: true }) report!: string | null;
  @Column({ type: 'text', name: 'created_by_login' }) createdByLogin!: string;
  @Column({ type: 'timestamptz', name: 'created_at' }) createdAt!: Date;
  @Column({ type: 'text', name: 'ended_by_login', nullable: true }) endedByLogin!: string | null;
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true }) endedAt!: Date | null;
}

export const surveyTaskEntities = [SurveyTask];
