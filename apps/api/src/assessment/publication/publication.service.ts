import { Injectable, type OnModuleInit } from '@nestjs/common';
import { formatPaise } from '../../core/money.js';
import { dayInIndia } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { DemandRepository, type Drafts } from '../../ledger/demand.repository.js';
import { Audit } from '../../platform/audit/audit.js';
import { now } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { JobRegistry } from '../../platform/queue/job-registry.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { Progress } from '../../platform/queue/progress.js';
import { classifyMap, postChunk, runTopic } from '../assessment.jobs.js';
import { AssessmentRepository, type ChunkRow, type RunRow } from '../assessment.repository.js';
import { RebateService } from '../rebate/rebate.service.js';
import { refuseForeignWards, stateOf } from '../run/run-rules.js';
import { type RunView, viewOf } from '../run/run-view.js';
import { PublicationRepository } from './publication.repository.js';
import type { PublishRequest } from './publication.schema.js';

const patient = { statementTimeoutMs: limits.jobStatementTimeoutMs };

/** A run becomes demand: asked for by a second person, posted in chunks, each in one transaction. */
@Injectable()
export class PublicationService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly runs: AssessmentRepository,
    private readonly publications: PublicationRepository,
    private readonly demands: DemandRepository,
    private readonly rebates: RebateService,
    private readonly jobs: Jobs,
    private readonly registry: JobRegistry,
    private readonly progress: Progress,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.registry.handle(
      postChunk,
      (ctx, { runId, chunkNo }) => this.post(ctx, runId, chunkNo),
      (ctx, { runId }, error) => this.stop(ctx, runId, error),
    );
  }

  /** Asks for the demands of a run to be posted. Refused to who made it, and where the figures are not the run's. */
  async publish(ctx: Context, runId: string, typed: PublishRequest): Promise<RunView> {
    const run = await this.database.write(ctx, async (tx) => {
      const computed = await this.runs.locked(tx, runId);
      mustBeComputed(computed, 'published');
      refuseForeignWards(tx.ctx, computed.ward_numbers);
      refuseMaker(tx.ctx, computed);
      mustMatch(computed, typed);
      await this.publications.begin(tx, runId);
      const chunkNos = await this.publications.unpostedChunks(tx, runId);
      for (const chunkNo of chunkNos) await this.jobs.add(tx, postChunk, { runId, chunkNo });
      const { fy, net_paise: netPaise, tariff_sha256: tariffSha256 } = computed;
      const after = { fy, ...typed, netPaise, tariffSha256, createdByLogin: computed.created_by_login };
      await this.audit.record(tx, {
        action: 'assessment.publish',
        noun: 'assessment-run',
        nounId: runId,
        after,
      });
      if (!chunkNos.length) await this.finishIn(tx, runId);
      return this.runs.found(tx, runId);
    });
    await this.progress.ring(ctx.ulbId, runTopic(runId));
    return viewOf(run);
  }

  async withdraw(ctx: Context, runId: string, reason: string): Promise<RunView> {
    const run = await this.database.write(ctx, async (tx) => {
      const computed = await this.runs.locked(tx, runId);
      mustBeComputed(computed, 'withdrawn');
      refuseForeignWards(tx.ctx, computed.ward_numbers);
      await this.publications.withdraw(tx, runId, reason);
      await this.audit.record(tx, {
        action: 'assessment.withdraw',
        noun: 'assessment-run',
        nounId: runId,
        reason,
      });
      return this.runs.found(tx, runId);
    });
    await this.progress.ring(ctx.ulbId, runTopic(runId));
    return viewOf(run);
  }

  /** One transaction: the chunk's postings, its mark, the audit row. Then, if it was the last, the run's end. */
  async post(ctx: Context, runId: string, chunkNo: number): Promise<void> {
    const work = async (tx: Tx) => {
      const chunk = await this.runs.claimChunk(tx, runId, chunkNo);
      const run = await this.runs.run(tx, runId);
      if (!run || run.status !== 'publishing' || !chunk || chunk.posted_at) return;
      await this.postDrafts(tx, run, chunk);
      await this.publications.finishChunk(tx, runId, chunkNo);
      const after = { chunkNo, netPaise: chunk.net_paise };
      await this.audit.record(tx, {
        action: 'assessment.post',
        noun: 'assessment-run',
        nounId: runId,
        after,
      });
    };
    await this.database.write(ctx, work, patient);
    await this.database.write(ctx, (tx) => this.finishIn(tx, runId));
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }

  /** What is posted must be what the run said it would be, or the ledger has changed since and nothing is posted. */
  private async postDrafts(tx: Tx, run: RunRow, chunk: ChunkRow): Promise<void> {
    const drafts: Drafts = {
      runId: run.id,
      fy: run.fy,
      charges: run.charges ?? [],
      firstProperty: chunk.first_property,
      lastProperty: chunk.last_property,
      postedOn: dayInIndia(run.publish_asked_at ?? tx.ctx.now),
    };
    let netPaise = BigInt(chunk.total_paise ?? 0);
    const revises = await this.demands.hasDemands(tx, run.fy, chunk.first_property, chunk.last_property);
    if (revises) netPaise = await this.demands.postDifferences(tx, drafts);
    else await this.demands.postFirst(tx, drafts);
    await this.rebates.post(tx, run, drafts, !revises);
    if (netPaise === BigInt(chunk.net_paise ?? 0)) return;
    throw new Error(
      `The ledger has changed since the run was computed: part ${chunk.chunk_no} would post ` +
        `${formatPaise(netPaise)} instead of ${formatPaise(BigInt(chunk.net_paise ?? 0))}.`,
    );
  }

  private async finishIn(tx: Tx, runId: string): Promise<void> {
    if (await this.publications.finish(tx, runId, now())) await this.jobs.add(tx, classifyMap, { runId });
  }

  private async stop(ctx: Context, runId: string, error: Error): Promise<void> {
    const detail = error instanceof Problem ? error.detail : error.message;
    const text = `${detail} What is posted stands. Resume the publication when the cause is mended.`;
    await this.database.write(ctx, (tx) => this.publications.stop(tx, runId, text.slice(0, 4_000)));
    await this.progress.ring(ctx.ulbId, runTopic(runId));
  }
}

function mustBeComputed(run: RunRow, what: 'published' | 'withdrawn'): void {
  if (run.status === 'computed') return;
  const detail = `The run cannot be ${what}: ${stateOf(run)}`;
  throw new Problem(409, 'run-not-computed', detail, [
    { where: 'status', value: run.status, message: 'not computed' },
  ]);
}

function refuseMaker({ actor }: Context, run: RunRow): void {
  const same = actor.login === run.created_by_login || (actor.id !== null && actor.id === run.created_by);
  if (!same) return;
  const detail =
    `${run.created_by_login} made this run, so somebody else must publish it. ` +
    'Ask a colleague who may publish assessments, such as the commissioner.';
  throw new Problem(403, 'second-person', detail);
}

/** The figures that were read must be the run's own, or the reader has looked at another state of it. */
function mustMatch(run: RunRow, typed: PublishRequest): void {
  const faults = [];
  if (typed.assessments !== run.assessed + run.exempt) {
    faults.push({ where: 'assessments', value: typed.assessments, message: 'not the number of the run' });
  }
  if (BigInt(typed.totalPaise) !== BigInt(run.total_paise)) {
    faults.push({ where: 'totalPaise', value: typed.totalPaise, message: 'not the total of the run' });
  }
  if (!faults.length) return;
  const detail =
    'The figures are not those of the run, and nothing was published. Open the run again, check its number of ' +
    'assessments and its total, and type both as they stand there.';
  throw new Problem(409, 'figures-differ', detail, faults);
}
