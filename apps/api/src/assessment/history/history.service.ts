import { Injectable } from '@nestjs/common';
import { formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { DocumentRepository } from '../../parcels/property-file/document.repository.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { caseSql } from '../../tariff/case.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { HistoryRepository, type KeptAssessmentRow, type PastAssessmentRow } from './history.repository.js';
import { type Difference, differences, parametersOfFacts, parametersOfRoll } from './replay.js';

/** What a sample of past assessments gave when it was computed again. */
export interface ReplayProof {
  replayed: number;
  /** One sentence for each that gives other figures. */
  faults: string[];
}

/** Past assessments: all numbers of a property, and each computed again from what was kept. */
@Injectable()
export class HistoryService {
  constructor(
    private readonly database: Database,
    private readonly repository: HistoryRepository,
    private readonly documents: DocumentRepository,
    private readonly tariffs: TariffFilesService,
  ) {}

  /** All assessments of a property, the newest first. `current` marks what is owed for each year. */
  async list(ctx: Context, propertyId: string) {
    const rows = await this.database.read(ctx, (tx) => this.repository.ofProperty(tx, propertyId));
    const current = new Map<number, number>();
    for (const row of rows)
      if (row.published_at && !current.has(row.fy)) current.set(row.fy, row.assessment_no);
    return rows.map((row) => ({ ...view(row), current: current.get(row.fy) === row.assessment_no }));
  }

  /**
   * Computes a past assessment again by the very text of its tariff: from the facts that were kept with it, and apart
   * from that from the roll as it was known when it was computed. `reproduces`: the first gives the same to the paisa.
   */
  async replay(ctx: Context, propertyId: string, fy: number, no: number) {
    return this.database.read(ctx, async (tx) => {
      const row = await this.repository.kept(tx, propertyId, fy, no);
      if (!row) {
        const detail = `The property has no assessment ${no} for ${formatFinancialYear(fy)}.`;
        throw new Problem(404, 'assessment-unknown', detail);
      }
      const found = await this.fromFacts(tx, row);
      return {
        propertyId,
        ...view(row),
        reproduces: found.length === 0,
        differences: found,
        roll: await this.fromRoll(tx, row),
      };
    });
  }

  /** Replays some published assessments from all over the roll. */
  async verify(tx: Tx, most: number): Promise<ReplayProof> {
    const rows = await this.repository.sample(tx, most);
    const faults: string[] = [];
    for (const row of rows) {
      const found = await this.fromFacts(tx, row);
      const [first] = found;
      if (!first) continue;
      const which = `${row.property_id} ${formatFinancialYear(row.fy)} no. ${row.assessment_no}`;
      faults.push(`${which}: ${first.what} is ${first.replayed} now, ${first.kept} was kept`);
    }
    return { replayed: rows.length, faults };
  }

  private async fromFacts(tx: Tx, row: KeptAssessmentRow): Promise<Difference[]> {
    const tariff = await this.tariffs.bySha(tx, row.tariff_sha256);
    const replayed = await this.repository.evaluate(tx, caseSql(tariff), parametersOfFacts(tariff, row));
    return differences(tariff, row, replayed);
  }

  private async fromRoll(tx: Tx, row: KeptAssessmentRow) {
    if (!row.computed_at) return null;
    const asOf = { effectiveOn: row.effective_on, knownAt: row.computed_at };
    const known = await this.documents.propertyAsKnown(tx, row.property_id, asOf);
    if (!known) return null;
    const tariff = await this.tariffs.bySha(tx, row.tariff_sha256);
    const parameters = parametersOfRoll(tariff, row, known.document);
    const found = differences(tariff, row, await this.repository.evaluate(tx, caseSql(tariff), parameters));
    return { knownAt: row.computed_at.toISOString(), version: known.version, ...verdict(found) };
  }
}

const verdict = (found: Difference[]) => ({ reproduces: found.length === 0, differences: found });

function view(row: PastAssessmentRow) {
  return {
    fy: formatFinancialYear(row.fy),
    assessmentNo: row.assessment_no,
    effectiveOn: row.effective_on,
    exempt: row.exempt,
    totalPaise: row.total_paise,
    tariff: { sha256: row.tariff_sha256, title: row.tariff_title, status: row.tariff_status },
    run: {
      id: row.run_id,
      status: row.run_status,
      createdByLogin: row.created_by_login,
      computedAt: row.computed_at?.toISOString() ?? null,
      publishedByLogin: row.published_by_login,
      publishedAt: row.published_at?.toISOString() ?? null,
    },
    revision: row.reason === null ? null : { reason: row.reason, orderRef: row.order_ref },
  };
}
