import { Injectable } from '@nestjs/common';
import type { RebateCharge } from '../../ledger/rebate.repository.js';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { RunStatus } from '../assessment.repository.js';

export interface ExplainedRow {
  assessment_no: number;
  run_id: string;
  run_status: RunStatus;
  tariff_sha256: string;
  collection_sha256: string | null;
  effective_on: string;
  exempt: boolean;
  total_paise: string;
  inputs: unknown;
  steps: unknown;
  rebates_paise: string[] | null;
  rebate_charges: RebateCharge[] | null;
}

@Injectable()
export class ExplanationRepository {
  /** An assessment of a year by its number, drafts among them; without one the last that was published. */
  async assessment(tx: Tx, propertyId: string, fy: number, no: number | null): Promise<ExplainedRow | null> {
    return tx.maybe<ExplainedRow>(
      `SELECT a.assessment_no, a.run_id, r.status AS run_status, a.tariff_sha256, r.collection_sha256, a.effective_on,
         a.exempt, a.total_paise, a.inputs, a.steps, b.rebates_paise::text[] AS rebates_paise, r.rebate_charges
       FROM assessments a JOIN assessment_runs r ON r.ulb_id = a.ulb_id AND r.id = a.run_id
         LEFT JOIN assessment_rebates b ON b.ulb_id = a.ulb_id AND b.property_id = a.property_id AND b.fy = a.fy
           AND b.assessment_no = a.assessment_no
       WHERE a.ulb_id = $1 AND a.property_id = $2 AND a.fy = $3
         AND CASE WHEN $4::smallint IS NULL THEN r.published_at IS NOT NULL ELSE a.assessment_no = $4 END
       ORDER BY a.assessment_no DESC LIMIT 1`,
      [tx.ctx.ulbId, propertyId, fy, no],
    );
  }

  /** Runs a tariff's explaining statement. */
  async explain(tx: Tx, explainSql: string, parameters: unknown[]): Promise<unknown> {
    const row = await tx.maybe<{ explanation: unknown }>(explainSql, parameters as SqlValue[]);
    return row?.explanation ?? null;
  }
}
