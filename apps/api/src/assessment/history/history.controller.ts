import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { financialYear, id } from '../assessment.schema.js';
import { HistoryService } from './history.service.js';

const assessmentNo = z.coerce.number().int().min(1).max(32_767);

@Controller('api/properties/:id/assessments')
export class HistoryController {
  constructor(private readonly history: HistoryService) {}

  /** All assessments that a property ever had, with run, tariff, state and who published it. */
  @Get()
  @Allow('assessments:read')
  list(@Caller() ctx: Context, @Param('id', { schema: id }) propertyId: string) {
    return this.history.list(ctx, propertyId);
  }

  /** A past assessment computed again from what was kept, and from the roll as it was known then. */
  @Get(':fy/:no/replay')
  @Allow('assessments:read')
  replay(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) propertyId: string,
    @Param('fy', { schema: financialYear }) fy: number,
    @Param('no', { schema: assessmentNo }) no: number,
  ) {
    return this.history.replay(ctx, propertyId, fy, no);
  }
}
