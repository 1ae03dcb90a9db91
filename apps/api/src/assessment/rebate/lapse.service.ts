import { Injectable } from '@nestjs/common';
import { dayInIndia } from '../../core/period.js';
import { RebateRepository } from '../../ledger/rebate.repository.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import type { CompiledLapse } from '../../tariff/collection/lapses.js';
import type { RunRow } from '../assessment.repository.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { RebatesRepository } from './rebate.repository.js';
import { RebateService } from './rebate.service.js';

type RebatedRun = Pick<RunRow, 'id' | 'fy' | 'tariff_sha256' | 'collection_sha256'>;

/** What was taken back, of one municipality. */
export interface Lapsed {
  properties: number;
  paise: bigint;
}

const patient = { statementTimeoutMs: limits.jobStatementTimeoutMs };

/**
 * Takes rebates back on the day that the law says, such as the half of the self-occupied on 1 April where the year is
 * unpaid, so that the register shows it from that day on. Called every day; what is done is not done again.
 */
@Injectable()
export class LapseService {
  constructor(
    private readonly database: Database,
    private readonly repository: RebatesRepository,
    private readonly postings: RebateRepository,
    private readonly rebates: RebateService,
    private readonly tariffs: TariffFilesService,
    private readonly audit: Audit,
  ) {}

  /** Posts all that has lapsed by the day of `ctx.now`, chunk by chunk of each published run. */
  async lapse(ctx: Context): Promise<Lapsed> {
    const runs = await this.database.read(ctx, (tx) => this.repository.unlapsed(tx));
    const total: Lapsed = { properties: 0, paise: 0n };
    for (const run of runs) {
      const one = await this.lapseRun(ctx, run);
      total.properties += one.properties;
      total.paise += one.paise;
    }
    return total;
  }

  private async lapseRun(ctx: Context, run: RebatedRun): Promise<Lapsed> {
    const total: Lapsed = { properties: 0, paise: 0n };
    const today = dayInIndia(ctx.now);
    const { lapses, chunks } = await this.database.read(ctx, (tx) => this.dueOf(tx, run));
    const due = lapses.filter(({ lapsesOn }) => lapsesOn <= today);
    for (const { chunk_no: chunkNo, first_property: firstProperty, last_property: lastProperty } of chunks) {
      if (!due.length) break;
      await this.database.write(
        ctx,
        async (tx) => {
          const one: Lapsed = { properties: 0, paise: 0n };
          for (const lapse of due) {
            const range = { firstProperty, lastProperty, postedOn: today, runId: run.id, fy: run.fy };
            const posted = await this.postings.postLapse(tx, { ...lapse, ...range });
            one.properties += posted.properties;
            one.paise += posted.paise;
          }
          const after = { chunkNo, properties: one.properties, paise: `${one.paise}` };
          const entry = { action: 'rebate.lapse', noun: 'assessment-run', nounId: run.id, after };
          if (one.properties) await this.audit.record(tx, entry);
          total.properties += one.properties;
          total.paise += one.paise;
        },
        patient,
      );
    }
    const done = due.length === lapses.length;
    if (done) await this.database.write(ctx, (tx) => this.repository.markLapsed(tx, run.id));
    return total;
  }

  /** The lapses of a run with their days, and its chunks. */
  private async dueOf(tx: Tx, run: RebatedRun) {
    const tariff = await this.tariffs.bySha(tx, run.tariff_sha256);
    const collection = await this.rebates.collection(tx, run.collection_sha256 ?? '', tariff);
    const lapses: (CompiledLapse & { lapsesOn: string })[] = [];
    for (const lapse of collection.lapses) {
      lapses.push({ ...lapse, lapsesOn: await this.repository.dayOf(tx, lapse.onSql, run.fy) });
    }
    return { lapses, chunks: await this.repository.chunks(tx, run.id) };
  }
}
