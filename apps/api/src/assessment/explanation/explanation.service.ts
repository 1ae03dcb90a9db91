import { Injectable } from '@nestjs/common';
import { formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { caseExplainSql } from '../../tariff/case.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import { HistoryRepository } from '../history/history.repository.js';
import { parametersOfFacts } from '../history/replay.js';
import { RebateService } from '../rebate/rebate.service.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { type ExplainedRow, ExplanationRepository } from './explanation.repository.js';

/** Every rupee of an assessment, from the bill down to the row of the table and the section of the Act. */
@Injectable()
export class ExplanationService {
  constructor(
    private readonly database: Database,
    private readonly repository: ExplanationRepository,
    private readonly history: HistoryRepository,
    private readonly rebates: RebateService,
    private readonly tariffs: TariffFilesService,
  ) {}

  /**
   * Every step in the words of the tariff, computed again by the very tariff and day of the assessment. `reproduces`
   * says whether the roll of today still gives that total. Where it does not, the steps are those of the facts that
   * were kept with the assessment: what is explained is always what is demanded.
   */
  async explain(ctx: Context, propertyId: string, fy: number, no: number | null = null) {
    return this.database.read(ctx, async (tx) => {
      const stored = await this.repository.assessment(tx, propertyId, fy, no);
      if (!stored) throw notAssessed(fy, no);
      const tariff = await this.tariffs.bySha(tx, stored.tariff_sha256);
      const ofRoll = await this.fromRoll(tx, { stored, tariff, propertyId, fy });
      const reproduces = totalOf(ofRoll) === stored.total_paise;
      const explanation = reproduces ? ofRoll : await this.fromKept(tx, { stored, tariff, propertyId, fy });
      return {
        propertyId,
        fy: formatFinancialYear(fy),
        assessmentNo: stored.assessment_no,
        runId: stored.run_id,
        runStatus: stored.run_status,
        effectiveOn: stored.effective_on,
        exempt: stored.exempt,
        totalPaise: stored.total_paise,
        tariff: { sha256: tariff.sha256, title: tariff.title, status: tariff.status, law: tariff.law },
        reproduces,
        rebates: rebatesOf(stored),
        stored: { inputs: withoutOwners(stored.inputs, ctx), steps: stored.steps },
        explanation: withoutOwners(explanation, ctx),
      };
    });
  }

  /** By the roll of today, with the rebates of the collection file that the run was under. */
  private async fromRoll(tx: Tx, { stored, tariff, propertyId, fy }: Asked): Promise<unknown> {
    const parameters = [tx.ctx.ulbId, fy, stored.effective_on, propertyId];
    if (!stored.collection_sha256) return this.repository.explain(tx, tariff.explainSql, parameters);
    const { explainSql } = await this.rebates.collection(tx, stored.collection_sha256, tariff);
    return this.repository.explain(tx, explainSql, [...parameters, null, null]);
  }

  /** By the facts that were kept. They come without number and ward, which the roll tells. */
  private async fromKept(tx: Tx, { stored, tariff, propertyId, fy }: Asked): Promise<unknown> {
    const kept = await this.history.kept(tx, propertyId, fy, stored.assessment_no);
    if (!kept) return null;
    const parameters = parametersOfFacts(tariff, kept);
    const told = await this.repository.explain(tx, caseExplainSql(tariff), parameters);
    const property = await this.history.property(tx, propertyId);
    return typeof told === 'object' && told !== null ? { ...told, property } : told;
  }
}

interface Asked {
  stored: ExplainedRow;
  tariff: CompiledTariff;
  propertyId: string;
  fy: number;
}

/** What the rebates on demand took off, by name and head, as it was kept. */
function rebatesOf({ rebates_paise: paise, rebate_charges: charges }: ExplainedRow) {
  const sums = new Map<string, { name: string; head: string; paise: bigint }>();
  (charges ?? []).forEach(({ name, head }, i) => {
    const amount = BigInt(paise?.[i] ?? 0);
    const key = `${name} ${head}`;
    const before = sums.get(key)?.paise ?? 0n;
    if (amount > 0n) sums.set(key, { name, head, paise: before + amount });
  });
  return [...sums.values()].map((one) => ({ ...one, paise: one.paise.toString() }));
}

function notAssessed(fy: number, no: number | null): Problem {
  const year = formatFinancialYear(fy);
  const detail =
    no === null
      ? `The property has no published assessment for ${year}. Run one and publish it, or see exceptions.`
      : `The property has no assessment no. ${no} for ${year}.`;
  return new Problem(404, 'not-assessed', detail);
}

/** Class and share of an owner tell of a person: they are shown to who may read owners. */
function withoutOwners(value: unknown, { actor }: Context): unknown {
  if (actor.permissions.has('owners:read') || typeof value !== 'object' || value === null) return value;
  return { ...value, owners: null };
}

/** The total that an explanation ends in, as text. */
function totalOf(explanation: unknown): string | null {
  const { totalPaise } = (explanation as { totalPaise?: unknown } | null) ?? {};
  return totalPaise === undefined || totalPaise === null ? null : String(totalPaise);
}
