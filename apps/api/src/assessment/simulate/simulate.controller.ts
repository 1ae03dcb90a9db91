import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import { Database } from '../../platform/database/database.js';
import type { Context } from '../../platform/database/tx.js';
import { id } from '../assessment.schema.js';
import type { CompiledTariff } from '../../tariff/compile.js';
import { TariffFilesService } from '../tariff-files/tariff-files.service.js';
import { digest, language, type Language, newSimulation, type NewSimulation } from './simulate.schema.js';
import { SimulateService } from './simulate.service.js';
import { SideTariffs } from './values/side-tariffs.js';
import { tablesOf } from './values/tariff-values.js';
import { workbookOf } from './workbook/workbook.js';

const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

@Controller('api/simulations')
export class SimulateController {
  constructor(
    private readonly database: Database,
    private readonly simulations: SimulateService,
    private readonly tariffs: TariffFilesService,
    private readonly sides: SideTariffs,
  ) {}

  /**
   * Reckons two tariffs side by side over the roll. Answers 200 with the result, or for a large city 202 with the row to
   * watch. Whoever hangs up before the answer stops the work.
   */
  @Post()
  @Allow('tariffs:simulate')
  async ask(
    @Caller() ctx: Context,
    @Body({ schema: newSimulation }) body: NewSimulation,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort(new Problem(409, 'asker-gone', 'Whoever asked has gone.')));
    const view = await this.simulations.ask(ctx, body, gone.signal);
    void reply.code(view.status === 'done' ? 200 : 202);
    return view;
  }

  /** The simulations that are kept, the newest first, with their sums only. */
  @Get()
  @Allow('tariffs:simulate')
  list(@Caller() ctx: Context) {
    return this.simulations.list(ctx);
  }

  /** The rate tables of an installed tariff: the values that can be moved. */
  @Get('tables/:sha256')
  @Allow('tariffs:simulate')
  async tables(@Caller() ctx: Context, @Param('sha256', { schema: digest }) sha256: string) {
    return valuesOf(await this.database.read(ctx, (tx) => this.tariffs.bySha(tx, sha256)));
  }

  /** The same of a proposal, as its text stands now. */
  @Get('proposals/:id/tables')
  @Allow('tariffs:simulate')
  async proposedTables(@Caller() ctx: Context, @Param('id', { schema: id }) proposalId: string) {
    return valuesOf(await this.database.read(ctx, (tx) => this.sides.proposed(tx, proposalId)));
  }

  @Get(':id')
  @Allow('tariffs:simulate')
  get(@Caller() ctx: Context, @Param('id', { schema: id }) simulationId: string) {
    return this.simulations.get(ctx, simulationId);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow('tariffs:simulate')
  cancel(@Caller() ctx: Context, @Param('id', { schema: id }) simulationId: string) {
    return this.simulations.cancel(ctx, simulationId);
  }

  /** The text of the proposed side, from which a proposal can be made. */
  @Get(':id/proposed')
  @Allow('tariffs:simulate')
  async proposed(@Caller() ctx: Context, @Param('id', { schema: id }) simulationId: string) {
    return { text: await this.simulations.textOf(ctx, simulationId, 'proposed') };
  }

  /** The answer as a workbook, with the method and the digests of both tariffs. */
  @Get(':id/workbook')
  @Allow('tariffs:simulate')
  async workbook(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) simulationId: string,
    @Query({ schema: language }) { lang }: { lang: Language },
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const row = await this.simulations.row(ctx, simulationId);
    if (!row.result) {
      throw new Problem(
        409,
        'simulation-not-done',
        `The simulation is ${row.status}: nothing to take away yet.`,
      );
    }
    const name = `simulation-${formatFinancialYear(row.fy)}-${simulationId.slice(-8)}.xlsx`;
    const bytes = await workbookOf(row, lang);
    await reply.type(xlsx).header('content-disposition', `attachment; filename="${name}"`).send(bytes);
  }
}

function valuesOf(tariff: CompiledTariff) {
  const { sha256, title, status, law, appliesFromFy, appliesToFy } = tariff;
  return {
    sha256,
    title,
    status,
    law,
    appliesFromFy: formatFinancialYear(appliesFromFy),
    appliesToFy: appliesToFy === null ? null : formatFinancialYear(appliesToFy),
    tables: tablesOf(tariff),
  };
}
