import { Injectable } from '@nestjs/common';
import { TariffFilesService } from '../../assessment/tariff-files/tariff-files.service.js';
import { uuidV7 } from '../../core/ids.js';
import { dayInIndia, financialYearOf, formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { discover } from '../discovery.jobs.js';
import { type DiscoveryRow, DiscoveryRunRepository } from './run.repository.js';
import type { NewDiscovery } from './run.schema.js';
import { type DiscoverySettings, discoverySettings } from './settings.js';

/** Starts and tells of comparisons of the map with the roll, and keeps the tolerances by which they judge. */
@Injectable()
export class DiscoveryService {
  constructor(
    private readonly database: Database,
    private readonly runs: DiscoveryRunRepository,
    private readonly tariffs: TariffFilesService,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  async settings(ctx: Context) {
    const row = await this.database.read(ctx, (tx) => this.runs.settings(tx));
    return {
      settings: discoverySettings.parse(row?.settings ?? {}),
      changedBy: row?.changed_by ?? null,
      changedAt: row?.changed_at.toISOString() ?? null,
    };
  }

  /** Sets the tolerances for runs to come; findings that stand are not judged again before the next run. */
  async setSettings(ctx: Context, settings: DiscoverySettings) {
    await this.database.write(ctx, async (tx) => {
      const before = discoverySettings.parse((await this.runs.settings(tx))?.settings ?? {});
      await this.runs.saveSettings(tx, settings);
      await this.audit.record(tx, {
        action: 'discovery.settings',
        noun: 'discovery-settings',
        before,
        after: settings,
      });
    });
    return this.settings(ctx);
  }

  /** Asks for a run; the work begins after this transaction has committed. */
  async start(ctx: Context, asked: NewDiscovery) {
    return this.database.write(ctx, async (tx) => {
      const id = uuidV7(ctx.now.getTime());
      const fy = asked.fy ?? financialYearOf(dayInIndia(ctx.now));
      const run = {
        id,
        fy,
        effective_on: asked.effectiveOn ?? dayInIndia(ctx.now),
        ward_numbers: await this.wardsOf(tx, asked.wardNumbers ?? null),
        tariff_sha256: await this.tariffOf(tx, fy),
        settings: discoverySettings.parse((await this.runs.settings(tx))?.settings ?? {}),
      };
      if (!(await this.runs.add(tx, run))) {
        const detail = 'A discovery run is open. Wait until it is done or cancel it, then start again.';
        throw new Problem(409, 'discovery-open', detail);
      }
      await this.jobs.add(tx, discover, { runId: id });
      await this.audit.record(tx, {
        action: 'discovery.start',
        noun: 'discovery-run',
        nounId: id,
        after: run,
      });
      return view(await this.found(tx, id));
    });
  }

  async list(ctx: Context) {
    return (await this.database.read(ctx, (tx) => this.runs.runs(tx))).map(view);
  }

  async get(ctx: Context, id: string) {
    return this.database.read(ctx, async (tx) => {
      const wards = await this.runs.wardCounts(tx, id);
      return { ...view(await this.found(tx, id)), byWard: wards };
    });
  }

  /** Stops after the ward that is being worked on. What was found stands. */
  async cancel(ctx: Context, id: string) {
    return this.database.write(ctx, async (tx) => {
      const run = await this.found(tx, id);
      this.refuseForeignWards(tx, run.ward_numbers);
      if (!(await this.runs.end(tx, id, 'cancelled', null))) {
        throw new Problem(409, 'discovery-ended', `The run is over (${run.status}) and cannot be cancelled.`);
      }
      await this.audit.record(tx, { action: 'discovery.cancel', noun: 'discovery-run', nounId: id });
      return view(await this.found(tx, id));
    });
  }

  /** Null where no tariff is installed for the year: then there are findings, but no estimates. */
  private async tariffOf(tx: Tx, fy: number): Promise<string | null> {
    try {
      return (await this.tariffs.forYear(tx, fy)).sha256;
    } catch (error) {
      if (error instanceof Problem && error.kind === 'tariff-missing') return null;
      throw error;
    }
  }

  private async wardsOf(tx: Tx, asked: string[] | null): Promise<string[] | null> {
    const own = tx.ctx.actor.wardNumbers;
    const wards = asked ?? (own ? [...own] : null);
    this.refuseForeignWards(tx, wards);
    const empty = wards ? await this.runs.emptyWards(tx, wards) : [];
    if (empty.length) {
      const detail = `Neither a building nor a property lies in: ${empty.join(', ')}. Check the ward numbers.`;
      throw new Problem(422, 'ward-empty', detail, wardFaults(empty));
    }
    return wards ? [...new Set(wards)] : null;
  }

  private refuseForeignWards(tx: Tx, wards: string[] | null): void {
    const own = tx.ctx.actor.wardNumbers;
    const foreign = own ? (wards ?? ['all']).filter((ward) => !own.includes(ward)) : [];
    if (!foreign.length) return;
    const detail = `Your account is limited to wards ${own?.join(', ')}.`;
    throw new Problem(403, 'ward-not-yours', detail, wardFaults(foreign));
  }

  private async found(tx: Tx, id: string): Promise<DiscoveryRow> {
    const run = await this.runs.run(tx, id);
    if (!run) throw new Problem(404, 'discovery-unknown', `There is no discovery run ${id}.`);
    return run;
  }
}

function wardFaults(wards: string[]) {
  return wards.map((ward) => ({ where: 'wardNumbers', value: ward, message: 'not available' }));
}

function view(run: DiscoveryRow) {
  return {
    id: run.id,
    fy: formatFinancialYear(run.fy),
    effectiveOn: run.effective_on,
    status: run.status,
    wardNumbers: run.ward_numbers,
    tariffSha256: run.tariff_sha256,
    settings: run.settings,
    counts: {
      footprints: run.counts.footprints ?? {},
      properties: run.counts.properties ?? {},
      findings: run.counts.findings ?? {},
      changes: run.counts.changes ?? { added: 0, seen: 0, keptClosed: 0, lapsed: 0 },
    },
    error: run.error,
    createdByLogin: run.created_by_login,
    createdAt: run.created_at.toISOString(),
    startedAt: run.started_at?.toISOString() ?? null,
    finishedAt: run.finished_at?.toISOString() ?? null,
    wards: { done: run.wards_done, total: run.wards_total },
    steps: { done: run.steps_done, total: 2 * run.wards_total },
  };
}
export type DiscoveryView = ReturnType<typeof view>;
