import { Body, Controller, Get, HttpCode, type MessageEvent, Param, Post, Query, Sse } from '@nestjs/common';
import { Observable } from 'rxjs';
import { Problem } from '../core/problem.js';
import { Allow } from '../platform/auth/allow.js';
import { Caller } from '../platform/auth/caller.js';
import type { Context } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import { id, newRun, type NewRun, rowPage, type RowPage } from './assessment.schema.js';
import { AssessmentService } from './assessment.service.js';

@Controller('api')
export class AssessmentController {
  private watchers = 0;

  constructor(private readonly assessments: AssessmentService) {}

  /** Starts an assessment of a year for the whole municipality or for some wards. */
  @Post('assessment-runs')
  @HttpCode(202)
  @Allow('assessments:run')
  start(@Caller() ctx: Context, @Body({ schema: newRun }) body: NewRun) {
    return this.assessments.start(ctx, body);
  }

  /** The runs of the municipality, the newest first. */
  @Get('assessment-runs')
  @Allow('assessments:read')
  list(@Caller() ctx: Context) {
    return this.assessments.list(ctx);
  }

  @Get('assessment-runs/:id')
  @Allow('assessments:read')
  get(@Caller() ctx: Context, @Param('id', { schema: id }) runId: string) {
    return this.assessments.get(ctx, runId);
  }

  /** Stops a run. What it has posted stays. */
  @Post('assessment-runs/:id/cancel')
  @HttpCode(200)
  @Allow('assessments:run')
  cancel(@Caller() ctx: Context, @Param('id', { schema: id }) runId: string) {
    return this.assessments.cancel(ctx, runId);
  }

  /** The properties that could not be assessed, with what each lacks. */
  @Get('assessment-runs/:id/exceptions')
  @Allow('assessments:read')
  exceptions(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) runId: string,
    @Query({ schema: rowPage }) page: RowPage,
  ) {
    return this.assessments.exceptions(ctx, runId, page);
  }

  /** The run's state as server-sent events of type `progress`, until it is over. */
  @Sse('assessment-runs/:id/events')
  @Allow('assessments:read')
  async events(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) runId: string,
  ): Promise<Observable<MessageEvent>> {
    if (this.watchers >= limits.sseConnections) {
      throw new Problem(
        503,
        'too-many-watchers',
        `${limits.sseConnections} watchers are connected. Try again later.`,
      );
    }
    await this.assessments.get(ctx, runId);
    return new Observable((subscriber) => {
      const gone = new AbortController();
      this.watchers += 1;
      const send = async () => {
        for await (const run of this.assessments.watch(ctx, runId, gone.signal)) {
          subscriber.next({ type: 'progress', data: run });
        }
        subscriber.complete();
      };
      send().catch((error: unknown) => subscriber.error(error));
      return () => {
        this.watchers -= 1;
        gone.abort();
      };
    });
  }
}
