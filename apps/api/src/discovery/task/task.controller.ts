import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import {
  id,
  newTasks,
  type NewTasks,
  taskQuery,
  type TaskQuery,
  taskReport,
  type TaskReport,
} from './task.schema.js';
import { TaskService } from './task.service.js';

@Controller('api/survey-tasks')
export class TaskController {
  constructor(private readonly tasks: TaskService) {}

  /** Sends somebody to look at findings. */
  @Post()
  @Allow('discovery:decide')
  create(@Caller() ctx: Context, @Body({ schema: newTasks }) body: NewTasks) {
    return this.tasks.create(ctx, body);
  }

  /** Survey tasks, the most urgent first. */
  @Get()
  @Allow('discovery:read')
  list(@Caller() ctx: Context, @Query({ schema: taskQuery }) query: TaskQuery) {
    return this.tasks.list(ctx, query);
  }

  /** What was seen on the spot. */
  @Post(':id/report')
  @HttpCode(200)
  @Allow('discovery:verify')
  report(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) taskId: string,
    @Body({ schema: taskReport }) body: TaskReport,
  ) {
    return this.tasks.report(ctx, taskId, body);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  @Allow('discovery:decide')
  cancel(@Caller() ctx: Context, @Param('id', { schema: id }) taskId: string) {
    return this.tasks.cancel(ctx, taskId);
  }
}
