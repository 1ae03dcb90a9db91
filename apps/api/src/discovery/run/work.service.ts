import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { now } from '../../platform/clock.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { JobRegistry } from '../../platform/queue/job-registry.js';
import { discover } from '../discovery.jobs.js';
import { ClassesRepository } from '../examine/classes.repository.js';
import { ExamineService } from '../examine/examine.service.js';
import { joinParcels } from '../match/groups.js';
import { MatchRepository } from '../match/match.repository.js';
import { type DiscoveryRow, DiscoveryRunRepository } from './run.repository.js';

const patient = { statementTimeoutMs: limits.jobStatementTimeoutMs };
const workTables = ['discovery_footprints', 'discovery_accounts', 'discovery_groups'];

/** The work of a run: wards one after the other, each in a transaction of its own; what is done is not done again. */
@Injectable()
export class DiscoveryWorkService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly runs: DiscoveryRunRepository,
    private readonly matches: MatchRepository,
    private readonly classes: ClassesRepository,
    private readonly examiner: ExamineService,
    private readonly registry: JobRegistry,
    private readonly audit: Audit,
  ) {}

  onModuleInit(): void {
    this.registry.handle(
      discover,
      (ctx, { runId }, signal) => this.work(ctx, runId, signal),
      (ctx, { runId }, error) => this.fail(ctx, runId, error),
    );
  }

  async work(ctx: Context, runId: string, signal?: AbortSignal): Promise<void> {
    await this.step(ctx, runId, async (tx, run) => {
      if (run.status === 'pending') await this.runs.begin(tx, runId, run.ward_numbers);
    });
    const wards = await this.database.read(ctx, (tx) => this.runs.wards(tx, runId));
    for (const ward of wards.filter(({ linked }) => !linked)) {
      if (!(await this.step(ctx, runId, (tx, run) => this.link(tx, run, ward.ward_number), signal))) return;
    }
    if (!wards.some(({ examined }) => examined)) {
      if (!(await this.step(ctx, runId, (tx, run) => this.group(tx, run), signal))) return;
    }
    for (const ward of wards.filter(({ examined }) => !examined)) {
      if (
        !(await this.step(ctx, runId, (tx, run) => this.examiner.examine(tx, run, ward.ward_number), signal))
      )
        return;
    }
    await this.step(ctx, runId, (tx, run) => this.finish(tx, run));
  }

  /** One transaction of an open run; false where the run is over or this process has lost the job. */
  private async step(
    ctx: Context,
    runId: string,
    work: (tx: Tx, run: DiscoveryRow) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<boolean> {
    if (signal?.aborted) return false;
    return this.database.write(
      { ...ctx, now: now() < ctx.now ? ctx.now : now() },
      async (tx) => {
        const status = await this.runs.lock(tx, runId);
        const run = status && (await this.runs.run(tx, runId));
        if (!run || (status !== 'pending' && status !== 'running')) return false;
        await work(tx, run);
        return true;
      },
      patient,
    );
  }

  private async link(tx: Tx, run: DiscoveryRow, ward: string): Promise<void> {
    const footprints = await this.matches.linkFootprints(tx, run, ward);
    const properties = await this.matches.linkAccounts(tx, run, ward);
    await this.runs.linked(tx, run.id, ward, { footprints, properties });
  }

  /** Brings together what shares land, once all wards are there, and puts everything into its class. */
  private async group(tx: Tx, run: DiscoveryRow): Promise<void> {
    await this.runs.analyze(tx, workTables.slice(0, 2));
    await this.matches.addNeighbours(tx, run);
    await this.matches.linkByPosition(tx, run);
    await this.matches.regroup(tx, run, joinParcels(await this.matches.widePlots(tx, run)));
    await this.matches.makeGroups(tx, run);
    await this.runs.analyze(tx, workTables);
    await this.classes.classify(tx, run);
  }

  private async finish(tx: Tx, run: DiscoveryRow): Promise<void> {
    const counts = { ...run.counts, ...(await this.classes.account(tx, run)) };
    await this.runs.count(tx, run.id, counts);
    await this.runs.end(tx, run.id, 'done', null);
    await this.audit.record(tx, {
      action: 'discovery.done',
      noun: 'discovery-run',
      nounId: run.id,
      after: counts,
    });
  }

  private async fail(ctx: Context, runId: string, error: Error): Promise<void> {
    const detail = error instanceof Problem ? error.detail : error.message;
    const text = `${detail} What was found stands; a new run finds the rest.`.slice(0, 4_000);
    await this.database.write(ctx, async (tx) => {
      await this.runs.lock(tx, runId);
      await this.runs.end(tx, runId, 'failed', text);
    });
  }
}
