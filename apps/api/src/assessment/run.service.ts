import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import { Audit } from '../platform/audit/audit.js';
import { now } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Context, Tx } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import { JobRegistry } from '../platform/queue/job-registry.js';
import { Jobs } from '../platform/queue/jobs.js';
import { Progress } from '../platform/queue/progress.js';
import type { CompiledTariff } from '../tariff/compile.js';
import { assessChunk, classifyMap, planRun, postChunk, runTopic } from './assessment.jobs.js';
import { AssessmentRepository, type NewRunRow, type RunRow } from './assessment.repository.js';
import { chargesOf, ChunkRepository } from './chunk.repository.js';
import { refuseForeignWards, runOpen, stateOf } from './run/run-rules.js';
import { type RunView, viewOf } from './run/run-view.js';
import { TariffFilesService } from './tariff-files/tariff-files.service.js';
import { PublicationRepository } from './publication/publication.repository.js';
import { RebateService } from './rebate/rebate.service.js';
import { TaxMapRepository } from './tax-map/tax-map.repository.js';

const patient = { statementTimeoutMs: limits.jobStatementTimeoutMs };

/** The work of a run behind its jobs. Each may be called again at any point and then does only what is left. */
@Injectable()
export class RunService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly runs: AssessmentRepository,
    private readonly chunks: ChunkRepository,
    private readonly publications: PublicationRepository,
    private readonly rebates: RebateService,
    private readonly maps: TaxMapRepository,
    private readonly tariffs: TariffFilesService,
    private readonly jobs: Jobs,
    private readonly registry: JobRegistry,
    private readonly progress: Progress,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    const failed = (ctx: Context, { runId }: { runId: string }, error: Error) => this.fail(ctx, runId, error);
    this.registry.handle(planRun, (ctx, { runId }) => this.plan(ctx, runId), failed);
    this.registry.handle(assessChunk, (ctx, { runId, chunkNo }) => this.assess(ctx, runId, chunkNo), failed);
    this.registry.handle(classifyMap, (ctx, { runId }) => this.classify(ctx, runId));
  }

  /** Opens a run, whose work begins after the transaction. One at a time in a year; revisions of several properties may. */
  async add(
    tx: Tx,
    asked: Omit<NewRunRow, 'tariffSha256' | 'charges' | 'collectionSha256' | 'rebateCharges'>,
    tariff: CompiledTariff,
  ): Promise<void> {
    const { id, fy, revision } = asked;
    await this.runs.lockYear(tx, fy);
    const open = await this.runs.openRun(tx, fy, revision?.propertyId ?? null);
    if (open) throw runOpen(fy, open);
    const collection = await this.rebates.inForce(tx, tariff, asked.effectiveOn);
    const run = {
      ...asked,
      tariffSha256: tariff.sha256,
      charges: chargesOf(tariff, fy),
      collectionSha256: collection?.sha256 ?? null,
      rebateCharges: collection ? await this.rebates.prepare(tx, collection, tariff, fy) : [],
    };
    await this.runs.addRun(tx, run);
    await this.jobs.add(tx, planRun, { runId: id });
    const { charges: _, rebateCharges: __, ...after } = run;
    await this.audit.record(tx, { action: 'assessment.start', noun: 'assessment-run', nounId: id, after });
  }

  /** Goes on with the chunks that are missing, of the computing or of the publication. */
  async resume(ctx: Context, runId: string): Promise<RunView> {
    const resumed = await this.database.write(ctx, async (tx) => {
      const { fy } = await this.runs.found(tx, runId);
      await this.runs.lockYear(tx, fy);
      const run = await this.runs.locked(tx, runId);
      refuseForeignWards(tx.ctx, run.ward_numbers);
      if (run.status === 'publishing') await this.postRest(tx, run);
      else await this.computeRest(tx, run);
      await this.audit.record(tx, { action: 'assessment.resume', noun: 'assessment-run', nounId: runId });
      return this.runs.found(tx, runId);
    });
    await this.progress.ring(ctx.ulbId, runTopic(runId));
    return viewOf(resumed);
  }

  private async computeRest(tx: Tx, run: RunRow): Promise<void> {
    if (run.status !== 'cancelled' && run.status !== 'failed') {
      throw new Problem(409, 'run-not-broken', `There is nothing to resume: ${stateOf(run)}`);
    }
    const open = await this.runs.openRun(tx, run.fy, run.property_id);
    if (open) throw runOpen(run.fy, open);
    const since = await this.changedSince(tx, run);
    if (since) {
      const detail = `${since} since this run was started, so that its drafts are out of date. Start a new run.`;
      throw new Problem(409, 'run-outdated', detail);
    }
    await this.runs.reopen(tx, run.id);
    if (!run.started_at) await this.jobs.add(tx, planRun, { runId: run.id });
    else
      for (const chunkNo of await this.runs.pendingChunks(tx, run.id))
        await this.jobs.add(tx, assessChunk, { runId: run.id, chunkNo });
    await this.runs.sumUp(tx, run.id, now());
  }

  private async changedSince(tx: Tx, run: RunRow): Promise<string | null> {
    const later = await this.runs.publishedSince(tx, run.fy, run.created_at);
    if (later || run.published_at) return `A run of ${(later ?? run).created_by_login} has been published`;
    const { sha256 } = await this.tariffs.forYear(tx, run.fy);
    return sha256 === run.tariff_sha256 ? null : 'The tariff of the year has been replaced';
  }

  private async postRest(tx: Tx, run: RunRow): Promise<void> {
    await this.publications.clearError(tx, run.id);
    for (const chunkNo of await this.publications.unpostedChunks(tx, run.id)) {
      await this.jobs.add(tx, postChunk, { runId: run.id, chunkNo });
    }
  }

  async plan(ctx: Context, runId: string, chunkProperties: number = limits.chunkProperties): Promise<void> {
    const work = async (tx: Tx) => {
      const run = await this.runs.run(tx, runId);
      if (run?.status !== 'pending') return;
      await this.runs.planChunks(tx, runId, run, chunkProperties);
      const chunkNos = await this.runs.startRun(tx, runId);
      for (const chunkNo of chunkNos ?? []) await this.jobs.add(tx, assessChunk, { runId, chunkNo });
      if (chunkNos?.length === 0) await this.runs.sumUp(tx, runId, tx.ctx.now);
    };
    await this.database.write(ctx, work, patient);
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }

  /** One transaction: the chunk's drafts, its counts and the audit row. */
  async assess(ctx: Context, runId: string, chunkNo: number): Promise<void> {
    const work = async (tx: Tx) => {
      const chunk = await this.runs.claimChunk(tx, runId, chunkNo);
      const run = await this.runs.run(tx, runId);
      if (!run || chunk?.status !== 'pending' || run.status !== 'running') return;
      const tariff = await this.tariffs.bySha(tx, run.tariff_sha256);
      const rebateSql = await this.rebates.sqlOf(tx, run, tariff);
      const counts = await this.chunks.assess(tx, tariff, {
        rebateSql,
        runId,
        fy: run.fy,
        effectiveOn: run.effective_on,
        firstProperty: chunk.first_property,
        lastProperty: chunk.last_property,
        wardNumbers: run.ward_numbers,
      });
      await this.runs.finishChunk(tx, runId, chunkNo, counts);
      if (rebateSql) await this.rebates.compute(tx, run, chunk, rebateSql);
      const { totalPaise, netPaise, ...numbers } = counts;
      const after = { chunkNo, ...numbers, totalPaise: `${totalPaise}`, netPaise: `${netPaise}` };
      await this.audit.record(tx, {
        action: 'assessment.chunk',
        noun: 'assessment-run',
        nounId: runId,
        after,
      });
    };
    await this.database.write(ctx, work, patient);
    await this.sumUp(ctx, runId);
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }

  /** Apart from the chunks, so that workers of one run wait for each other here only. */
  private async sumUp(ctx: Context, runId: string): Promise<void> {
    await this.database.write(ctx, async (tx) => {
      await this.runs.lockRun(tx, runId);
      await this.runs.sumUp(tx, runId, now());
    });
  }

  async classify(ctx: Context, runId: string): Promise<void> {
    const work = async (tx: Tx) => {
      const run = await this.runs.run(tx, runId);
      if (run?.status === 'published') await this.maps.classify(tx, runId, run.fy);
    };
    await this.database.write(ctx, work, patient);
  }

  private async fail(ctx: Context, runId: string, error: Error): Promise<void> {
    const detail = error instanceof Problem ? error.detail : error.message;
    const text = `${detail} Nothing is posted. Resume the run when the cause is mended: it does what is left.`;
    await this.database.write(ctx, async (tx) => {
      await this.runs.lockRun(tx, runId);
      await this.runs.endRun(tx, runId, 'failed', text.slice(0, 4_000));
    });
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }
}
