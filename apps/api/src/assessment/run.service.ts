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
import { dayInIndia } from '../core/period.js';
import { assessChunk, classifyMap, planRun, runTopic } from './assessment.jobs.js';
import { AssessmentRepository, type RunRow, type RunStatus } from './assessment.repository.js';
import { ChunkRepository } from './chunk.repository.js';
import { TariffFilesService } from './tariff-files/tariff-files.service.js';
import { TaxMapRepository } from './tax-map/tax-map.repository.js';

const patient = { statementTimeoutMs: limits.jobStatementTimeoutMs };

/** The work of a run behind its jobs. Each may be called again at any point and then does only what is left. */
@Injectable()
export class RunService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly runs: AssessmentRepository,
    private readonly chunks: ChunkRepository,
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

  async plan(ctx: Context, runId: string, chunkProperties: number = limits.chunkProperties): Promise<void> {
    const work = async (tx: Tx) => {
      const run = await this.runs.run(tx, runId);
      if (run?.status !== 'pending') return;
      await this.runs.planChunks(tx, runId, run.ward_numbers, chunkProperties);
      const chunkNos = await this.runs.startRun(tx, runId);
      for (const chunkNo of chunkNos ?? []) await this.jobs.add(tx, assessChunk, { runId, chunkNo });
      if (chunkNos?.length === 0) await this.runs.sumUp(tx, runId, tx.ctx.now);
    };
    await this.database.write(ctx, work, patient);
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }

  /** One transaction: the chunk's assessments and postings, its counts, the run's counts, and the audit row. */
  async assess(ctx: Context, runId: string, chunkNo: number): Promise<void> {
    const work = async (tx: Tx) => {
      const chunk = await this.runs.claimChunk(tx, runId, chunkNo);
      const run = await this.runs.run(tx, runId);
      if (!run || chunk?.status !== 'pending' || run.status !== 'running') return;
      const tariff = await this.tariffs.bySha(tx, run.tariff_sha256);
      const counts = await this.chunks.assess(tx, tariff, {
        runId,
        fy: run.fy,
        effectiveOn: run.effective_on,
        postedOn: dayInIndia(tx.ctx.now),
        firstProperty: chunk.first_property,
        lastProperty: chunk.last_property,
        wardNumbers: run.ward_numbers,
      });
      await this.runs.finishChunk(tx, runId, chunkNo, counts);
      const after = { chunkNo, ...counts, totalPaise: counts.totalPaise.toString() };
      await this.audit.record(tx, {
        action: 'assessment.chunk',
        noun: 'assessment-run',
        nounId: runId,
        after,
      });
      await this.sumUp(tx, run);
    };
    await this.database.write(ctx, work, patient);
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }

  /** From here to the commit workers of one run wait for each other; it is the shortest part. */
  private async sumUp(tx: Tx, run: RunRow): Promise<RunStatus> {
    await this.runs.lockRun(tx, run.id);
    const status = await this.runs.sumUp(tx, run.id, now());
    if (status === 'done') await this.jobs.add(tx, classifyMap, { runId: run.id });
    return status;
  }

  async classify(ctx: Context, runId: string): Promise<void> {
    const work = async (tx: Tx) => {
      const run = await this.runs.run(tx, runId);
      if (run?.status === 'done') await this.maps.classify(tx, runId, run.fy);
    };
    await this.database.write(ctx, work, patient);
  }

  private async fail(ctx: Context, runId: string, error: Error): Promise<void> {
    const detail = error instanceof Problem ? error.detail : error.message;
    const text = `${detail} What is posted stands; a new run of the year does what is left.`;
    await this.database.write(ctx, async (tx) => {
      await this.runs.lockRun(tx, runId);
      await this.runs.endRun(tx, runId, 'failed', text.slice(0, 4_000));
    });
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }
}
