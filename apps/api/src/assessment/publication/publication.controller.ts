import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { id } from '../assessment.schema.js';
import { RunService } from '../run.service.js';
import {
  type PublishRequest,
  publishRequest,
  type WithdrawRequest,
  withdrawRequest,
} from './publication.schema.js';
import { PublicationService } from './publication.service.js';

@Controller('api/assessment-runs/:id')
export class PublicationController {
  constructor(
    private readonly publications: PublicationService,
    private readonly runs: RunService,
  ) {}

  /** Posts the demands of a computed run. Whoever made the run cannot; the figures of the run must be given. */
  @Post('publish')
  @HttpCode(202)
  @Allow('assessments:publish')
  publish(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) runId: string,
    @Body({ schema: publishRequest }) body: PublishRequest,
  ) {
    return this.publications.publish(ctx, runId, body);
  }

  /** Gives a computed run up, with the reason; nothing of it is posted, and another can be started. */
  @Post('withdraw')
  @HttpCode(200)
  @Allow('assessments:run')
  withdraw(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) runId: string,
    @Body({ schema: withdrawRequest }) body: WithdrawRequest,
  ) {
    return this.publications.withdraw(ctx, runId, body.reason);
  }

  /** Goes on with what is missing of a run that was cancelled, failed, or stopped while it was published. */
  @Post('resume')
  @HttpCode(202)
  @Allow('assessments:run')
  resume(@Caller() ctx: Context, @Param('id', { schema: id }) runId: string) {
    return this.runs.resume(ctx, runId);
  }
}
