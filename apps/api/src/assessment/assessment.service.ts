import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../core/ids.js';
import { financialYearStart, formatFinancialYear } from '../core/period.js';
import { Problem } from '../core/problem.js';
import { Audit } from '../platform/audit/audit.js';
import { now } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Context, Tx } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Progress } from '../platform/queue/progress.js';
import { planRun, runTopic } from './assessment.jobs.js';
import { AssessmentRepository, type RunRow } from './assessment.repository.js';
import type { NewRun, RowPage } from './assessment.schema.js';
import { TariffFilesService } from './tariff-files/tariff-files.service.js';

/** A run as it is shown. Money is whole paise, written as text. */
export interface RunView {
  id: string;
  fy: string;
  status: RunRow['status'];
  wardNumbers: string[] | null;
  effectiveOn: string;
  tariffSha256: string;
  properties: number;
  assessed: number;
  exempt: number;
  exceptions: number;
  unchanged: number;
  totalPaise: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  createdByLogin: string;
  error: string | null;
  chunks: { done: number; total: number };
}

export interface RunProgress extends RunView {
  ratePerSecond: number | null;
  secondsLeft: number | null;
}

@Injectable()
export class AssessmentService {
  constructor(
    private readonly database: Database,
    private readonly repository: AssessmentRepository,
    private readonly tariffs: TariffFilesService,
    private readonly jobs: Jobs,
    private readonly progress: Progress,
    private readonly audit: Audit,
  ) {}

  /** Asks for a run; the work begins after this transaction has committed. */
  async start(ctx: Context, { fy, wardNumbers, effectiveOn }: NewRun): Promise<RunView> {
    return this.database.write(ctx, async (tx) => {
      const wards = await this.wardsOf(tx, wardNumbers ?? null);
      const tariff = await this.tariffs.forYear(tx, fy);
      const id = uuidV7(ctx.now.getTime());
      const run = {
        id,
        fy,
        wardNumbers: wards,
        effectiveOn: effectiveOn ?? financialYearStart(fy),
        tariffSha256: tariff.sha256,
      };
      if (!(await this.repository.addRun(tx, run))) throw runOpen(fy);
      await this.jobs.add(tx, planRun, { runId: id });
      await this.audit.record(tx, {
        action: 'assessment.start',
        noun: 'assessment-run',
        nounId: id,
        after: run,
      });
      return view(await this.found(tx, id));
    });
  }

  async list(ctx: Context): Promise<RunView[]> {
    return (await this.database.read(ctx, (tx) => this.repository.runs(tx))).map(view);
  }

  async get(ctx: Context, id: string): Promise<RunView> {
    return view(await this.database.read(ctx, (tx) => this.found(tx, id)));
  }

  /** Stops the chunks that have not begun. What is posted stays, and the run's counts state it. */
  async cancel(ctx: Context, id: string): Promise<RunView> {
    const run = await this.database.write(ctx, async (tx) => {
      const { status, ward_numbers } = await this.found(tx, id);
      this.refuseForeignWards(tx, ward_numbers);
      await this.repository.lockRun(tx, id);
      const cancelled = await this.repository.endRun(tx, id, 'cancelled', null);
      if (!cancelled)
        throw new Problem(409, 'run-ended', `The run is over (${status}) and cannot be cancelled.`);
      await this.audit.record(tx, { action: 'assessment.cancel', noun: 'assessment-run', nounId: id });
      return this.found(tx, id);
    });
    await this.progress.ring(ctx.ulbId, runTopic(id));
    return view(run);
  }

  /** The properties that could not be assessed, by their numbers. `next` is the last number, to go on after. */
  async exceptions(ctx: Context, id: string, { after, limit }: RowPage) {
    return this.database.read(ctx, async (tx) => {
      await this.found(tx, id);
      const rows = await this.repository.exceptions(tx, id, after ?? null, limit + 1);
      const page = rows.slice(0, limit);
      const items = page.map((row) => ({
        propertyId: row.property_id,
        number: row.number,
        wardNumber: row.ward_number,
        reasons: row.reasons,
      }));
      return { items, next: rows.length > limit ? (page.at(-1)?.number ?? null) : null };
    });
  }

  /** The run whenever it changes, until it is over or `signal` aborts. */
  async *watch(ctx: Context, id: string, signal: AbortSignal): AsyncGenerator<RunProgress> {
    for await (const _ of this.progress.watch(ctx.ulbId, runTopic(id), limits.ssePollMs, signal)) {
      const run = await this.database.read(ctx, (tx) => this.found(tx, id));
      yield { ...view(run), ...rateOf(run, now()) };
      if (run.status !== 'pending' && run.status !== 'running') return;
    }
  }

  /**
   * Every step of a property's tax in the words of the tariff, computed again by the very tariff and day of the stored
   * assessment. `reproduces` says whether the roll still gives that total: a later correction makes it differ until the
   * next run, and then the stored inputs and steps are what the demand rests on.
   */
  async explain(ctx: Context, propertyId: string, fy: number) {
    return this.database.read(ctx, async (tx) => {
      const stored = await this.repository.assessment(tx, propertyId, fy);
      if (!stored) {
        const year = formatFinancialYear(fy);
        throw new Problem(
          404,
          'not-assessed',
          `The property has no assessment for ${year}. Run one, or see exceptions.`,
        );
      }
      const tariff = await this.tariffs.bySha(tx, stored.tariff_sha256);
      const explanation = await this.repository.explain(
        tx,
        tariff.explainSql,
        fy,
        stored.effective_on,
        propertyId,
      );
      return {
        propertyId,
        fy: formatFinancialYear(fy),
        assessmentNo: stored.assessment_no,
        runId: stored.run_id,
        effectiveOn: stored.effective_on,
        exempt: stored.exempt,
        totalPaise: stored.total_paise,
        tariff: { sha256: tariff.sha256, title: tariff.title, status: tariff.status, law: tariff.law },
        reproduces: totalOf(explanation) === stored.total_paise,
        stored: { inputs: withoutOwners(stored.inputs, ctx), steps: stored.steps },
        explanation: withoutOwners(explanation, ctx),
      };
    });
  }

  /** Wards asked for, within those of the actor; null is the whole municipality. */
  private async wardsOf(tx: Tx, asked: string[] | null): Promise<string[] | null> {
    const own = tx.ctx.actor.wardNumbers;
    const foreign = asked?.filter((ward) => own && !own.includes(ward)) ?? [];
    if (foreign.length) {
      throw new Problem(
        403,
        'ward-not-yours',
        `Your account is limited to wards ${own?.join(', ')}.`,
        wardFaults(foreign),
      );
    }
    const wards = asked ?? (own ? [...own] : null);
    const empty = wards ? await this.repository.emptyWards(tx, wards) : [];
    if (empty.length) {
      const detail = `No active property lies in: ${empty.join(', ')}. Check the ward numbers.`;
      throw new Problem(422, 'ward-empty', detail, wardFaults(empty));
    }
    return wards ? [...new Set(wards)] : null;
  }

  /** Whoever is bound to wards ends only runs that lie within them. */
  private refuseForeignWards(tx: Tx, wardNumbers: string[] | null): void {
    const own = tx.ctx.actor.wardNumbers;
    if (own === null) return;
    const foreign = (wardNumbers ?? ['all']).filter((ward) => !own.includes(ward));
    if (!foreign.length) return;
    const detail = `The run goes beyond your wards (${own.join(', ')}). Ask who may see the whole municipality.`;
    throw new Problem(403, 'ward-not-yours', detail, wardFaults(foreign));
  }

  private async found(tx: Tx, id: string): Promise<RunRow> {
    const run = await this.repository.run(tx, id);
    if (!run) throw new Problem(404, 'run-unknown', `There is no assessment run ${id}.`);
    return run;
  }
}

function wardFaults(wards: string[]) {
  return wards.map((ward) => ({ where: 'wardNumbers', value: ward, message: 'not available' }));
}

function runOpen(fy: number): Problem {
  const detail = `A run for ${formatFinancialYear(fy)} is open. Wait for it or cancel it, then start again.`;
  return new Problem(409, 'run-open', detail);
}

/** Class and share of an owner tell of a person: they are shown to who may read owners. */
function withoutOwners(value: unknown, { actor }: Context): unknown {
  if (actor.permissions.has('owners:read') || typeof value !== 'object' || value === null) return value;
  return { ...value, owners: null };
}

/** The total that an explanation ends in, as text. */
function totalOf(explanation: unknown): string | null {
  const total = (explanation as { total_paise?: unknown; totalPaise?: unknown } | null) ?? {};
  const value = total.totalPaise ?? total.total_paise;
  return value === undefined || value === null ? null : String(value);
}

/** Properties per second since the run began, and the seconds that the rest takes at that rate. */
export function rateOf(run: RunRow, at: Date): { ratePerSecond: number | null; secondsLeft: number | null } {
  if (!run.started_at || !run.properties_done) return { ratePerSecond: null, secondsLeft: null };
  const seconds = ((run.finished_at ?? at).getTime() - run.started_at.getTime()) / 1_000;
  if (seconds <= 0) return { ratePerSecond: null, secondsLeft: null };
  const rate = run.properties_done / seconds;
  const left = run.status === 'running' ? Math.ceil((run.properties - run.properties_done) / rate) : 0;
  return { ratePerSecond: Math.round(rate), secondsLeft: left };
}

function view(run: RunRow): RunView {
  return {
    id: run.id,
    fy: formatFinancialYear(run.fy),
    status: run.status,
    wardNumbers: run.ward_numbers,
    effectiveOn: run.effective_on,
    tariffSha256: run.tariff_sha256,
    properties: run.properties,
    assessed: run.assessed,
    exempt: run.exempt,
    exceptions: run.exceptions,
    unchanged: run.unchanged,
    totalPaise: run.total_paise,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    createdByLogin: run.created_by_login,
    error: run.error,
    chunks: { done: run.chunks_done, total: run.chunks_total },
  };
}
