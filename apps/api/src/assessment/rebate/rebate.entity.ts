import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What the rebates on demand take off each instalment of an assessment. Append only, as the assessment itself. */
@Entity('assessment_rebates')
export class AssessmentRebate {
  @PrimaryColumn({ type: 'int', name: 'ulb_id' }) ulbId!: number;
  @PrimaryColumn({ type: 'uuid', name: 'property_id' }) propertyId!: string;
  @PrimaryColumn({ type: 'smallint' }) fy!: number;
  @PrimaryColumn({ type: 'smallint', name: 'assessment_no' }) assessmentNo!: number;
  @Column({ type: 'uuid', name: 'run_id' }) runId!: string;
  @Column({ type: 'bigint', name: 'rebates_paise', array: true }) rebatesPaise!: string[];
}

export const rebateEntities = [AssessmentRebate];
