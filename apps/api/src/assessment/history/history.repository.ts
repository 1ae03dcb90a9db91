import { Injectable } from '@nestjs/common';
import type { Label } from '../../core/label.js';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { RunStatus } from '../assessment.repository.js';

export interface PastAssessmentRow {
  fy: number;
  assessment_no: number;
  run_id: string;
  run_status: RunStatus;
  effective_on: string;
  exempt: boolean;
  total_paise: string;
  tariff_sha256: string;
  tariff_title: Label;
  tariff_status: 'notified' | 'sample';
  created_by_login: string;
  computed_at: Date | null;
  published_by_login: string | null;
  published_at: Date | null;
  reason: string | null;
  order_ref: string | null;
}

/** An assessment as it was kept. Facts and steps are texts exactly as they were written, null where not known. */
export interface KeptAssessmentRow extends PastAssessmentRow {
  property_id: string;
  amounts_paise: string[] | null;
  property_facts: Facts | null;
  unit_facts: Facts[] | null;
  owner_facts: Facts[] | null;
  property_steps: Facts | null;
}

export type Facts = Record<string, string | null>;

/** What a tariff gives for given facts. */
export interface ReplayRow {
  missing: string[] | null;
  exempt: boolean;
  head_paise: string[] | null;
  amounts_paise: string[] | null;
  steps: Facts | null;
}

const columns = `a.fy, a.assessment_no, a.run_id, r.status AS run_status, a.effective_on, a.exempt, a.total_paise,
  a.tariff_sha256, t.title AS tariff_title, t.status AS tariff_status, r.created_by_login,
  (SELECT c.finished_at FROM assessment_chunks c WHERE c.ulb_id = a.ulb_id AND c.run_id = a.run_id
    AND a.property_id >= c.first_property AND a.property_id <= c.last_property ORDER BY c.chunk_no LIMIT 1) AS computed_at,
  r.published_by_login, r.published_at, r.reason, r.order_ref`;
const sources = `assessments a JOIN assessment_runs r ON r.ulb_id = a.ulb_id AND r.id = a.run_id
  JOIN tariff_files t ON t.ulb_id = a.ulb_id AND t.sha256 = a.tariff_sha256`;
const factsSql = (json: string) =>
  `(SELECT jsonb_object_agg(f.key, f.value) FROM json_each_text(${json}) AS f)`;
const rowsSql = (json: string) =>
  `(SELECT jsonb_agg(${factsSql('u.row')} ORDER BY u.n) FROM json_array_elements(${json}) WITH ORDINALITY AS u(row, n))`;
const kept = `${columns}, a.property_id, a.amounts_paise::text[] AS amounts_paise,
  ${factsSql(`a.inputs -> 'property'`)} AS property_facts, ${rowsSql(`a.inputs -> 'units'`)} AS unit_facts,
  ${rowsSql(`a.inputs -> 'owners'`)} AS owner_facts, ${factsSql(`a.steps -> 'property'`)} AS property_steps`;

/** All assessments that there ever were, drafts and withdrawn ones among them. */
@Injectable()
export class HistoryRepository {
  /** Of one property, the newest year and number first. */
  async ofProperty(tx: Tx, propertyId: string): Promise<PastAssessmentRow[]> {
    return tx.rows<PastAssessmentRow>(
      `SELECT ${columns} FROM ${sources} WHERE a.ulb_id = $1 AND a.property_id = $2
       ORDER BY a.fy DESC, a.assessment_no DESC`,
      [tx.ctx.ulbId, propertyId],
    );
  }

  async kept(tx: Tx, propertyId: string, fy: number, no: number): Promise<KeptAssessmentRow | null> {
    return tx.maybe<KeptAssessmentRow>(
      `SELECT ${kept} FROM ${sources}
       WHERE a.ulb_id = $1 AND a.property_id = $2 AND a.fy = $3 AND a.assessment_no = $4`,
      [tx.ctx.ulbId, propertyId, fy, no],
    );
  }

  /** Number and ward as the roll has them today. */
  async property(
    tx: Tx,
    id: string,
  ): Promise<{ id: string; number: string; wardNumber: string | null } | null> {
    const sql = `SELECT id, number, ward_number AS "wardNumber" FROM properties WHERE ulb_id = $1 AND id = $2`;
    return tx.maybe(sql, [tx.ctx.ulbId, id]);
  }

  /** Published assessments from all over the roll; the same ones for the same number. */
  async sample(tx: Tx, most: number): Promise<KeptAssessmentRow[]> {
    return tx.rows<KeptAssessmentRow>(
      `WITH chosen AS MATERIALIZED (SELECT s.property_id, s.fy, s.assessment_no FROM assessments s
         WHERE s.ulb_id = $1 AND s.run_id = ANY (ARRAY(SELECT id FROM assessment_runs
           WHERE ulb_id = $1 AND published_at IS NOT NULL))
         ORDER BY md5(s.property_id::text || s.fy), s.assessment_no LIMIT $2)
       SELECT ${kept} FROM ${sources} JOIN chosen c ON a.property_id = c.property_id AND a.fy = c.fy
         AND a.assessment_no = c.assessment_no
       WHERE a.ulb_id = $1`,
      [tx.ctx.ulbId, most],
    );
  }

  /** Runs the statement of a tariff's case: one row, or null. */
  async evaluate(tx: Tx, caseSql: string, parameters: unknown[]): Promise<ReplayRow | null> {
    return tx.maybe<ReplayRow>(caseSql, parameters as SqlValue[]);
  }
}
