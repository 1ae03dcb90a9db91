import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../core/ids.js';
import { financialYearStart, formatFinancialYear } from '../core/period.js';
import { Problem } from '../core/problem.js';
import { Audit } from '../platform/audit/audit.js';
import { now } from '../platform/clock.js';
import { Database } from '../platform/database/database.js';
import type { Context, Tx } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import { Progress } from '../platform/queue/progress.js';
import { runTopic } from './assessment.jobs.js';
import { AssessmentRepository, type RunRow } from './assessment.repository.js';
import type { NewRun, RowPage } from './assessment.schema.js';
import { refuseForeignWards, stateOf, wardFaults } from './run/run-rules.js';
import { rateOf, type RunProgress, type RunView, viewOf } from './run/run-view.js';
import { RunService } from './run.service.js';
import { TariffFilesService } from './tariff-files/tariff-files.service.js';

const unsettled: RunRow['status'][] = ['pending', 'running', 'publishing'];

@Injectable()
export class AssessmentService {
  constructor(
    private readonly database: Database,
    private readonly repository: AssessmentRepository,
    private readonly tariffs: TariffFilesService,
    private readonly runs: RunService,
    private readonly progress: Progress,
    private readonly audit: Audit,
  ) {}

  /**
   * Asks for a run; the work begins after this transaction has committed. The same key again gives the run of the first
   * time, so that a request that is sent twice starts one run.
   */
  async start(ctx: Context, asked: NewRun): Promise<RunView> {
    const { fy, wardNumbers, effectiveOn, clientKey = null } = asked;
    return this.database.write(ctx, async (tx) => {
      await this.repository.lockYear(tx, fy);
      const known = clientKey ? await this.repository.byClientKey(tx, clientKey) : null;
      if (known) return viewOf(sameRequest(known, asked));
      const wards = await this.wardsOf(tx, wardNumbers ?? null);
      const id = uuidV7(ctx.now.getTime());
      const run = { id, fy, wardNumbers: wards, effectiveOn: effectiveOn ?? financialYearStart(fy) };
      const tariff = await this.tariffs.forYear(tx, fy);
      await this.runs.add(tx, { ...run, clientKey, revision: null }, tariff);
      return viewOf(await this.repository.found(tx, id));
    });
  }

  async list(ctx: Context): Promise<RunView[]> {
    return (await this.database.read(ctx, (tx) => this.repository.runs(tx))).map(viewOf);
  }

  async get(ctx: Context, id: string): Promise<RunView> {
    return viewOf(await this.database.read(ctx, (tx) => this.repository.found(tx, id)));
  }

  /** Stops the chunks that have not begun. What is computed stays as a draft, and the run can be resumed. */
  async cancel(ctx: Context, id: string): Promise<RunView> {
    const run = await this.database.write(ctx, async (tx) => {
      const open = await this.repository.locked(tx, id);
      refuseForeignWards(tx.ctx, open.ward_numbers);
      if (!(await this.repository.endRun(tx, id, 'cancelled', null))) {
        throw new Problem(409, 'run-ended', `The run cannot be cancelled: ${stateOf(open)}`);
      }
      await this.audit.record(tx, { action: 'assessment.cancel', noun: 'assessment-run', nounId: id });
      return this.repository.found(tx, id);
    });
    await this.progress.ring(ctx.ulbId, runTopic(id));
    return viewOf(run);
  }

  /** The properties that could not be assessed, by their numbers. `next` is the last number, to go on after. */
  async exceptions(ctx: Context, id: string, { after, limit }: RowPage) {
    return this.database.read(ctx, async (tx) => {
      await this.repository.found(tx, id);
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

  /** The run whenever it changes, until it waits for a person or is over, or `signal` aborts. */
  async *watch(ctx: Context, id: string, signal: AbortSignal): AsyncGenerator<RunProgress> {
    for await (const _ of this.progress.watch(ctx.ulbId, runTopic(id), limits.ssePollMs, signal)) {
      const run = await this.database.read(ctx, (tx) => this.repository.found(tx, id));
      yield { ...viewOf(run), ...rateOf(run, now()) };
      if (!unsettled.includes(run.status) || run.error) return;
    }
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
}

/** The run of the first time, where the same was asked for; another request under its key is refused. */
function sameRequest(known: RunRow, { fy, wardNumbers }: NewRun): RunRow {
  const wards = [...(wardNumbers ?? [])].sort().join();
  if (known.fy === fy && (!wards || wards === [...(known.ward_numbers ?? [])].sort().join())) return known;
  const detail =
    `The key belongs to the run of ${formatFinancialYear(known.fy)} that ${known.created_by_login} started. ` +
    'Send a new key with a new request.';
  throw new Problem(409, 'key-used', detail, [
    { where: 'clientKey', value: known.client_key, message: 'used for another run' },
  ]);
}
