import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { Allow } from '../../../platform/auth/allow.js';
import { Caller } from '../../../platform/auth/caller.js';
import type { Context } from '../../../platform/database/tx.js';
import { id } from '../../parcels.schema.js';
import { returnBody, type ReturnBody } from '../property-file.schema.js';
import { bulkBody, type BulkBody } from './bulk.schema.js';
import { BulkService } from './bulk.service.js';

@Controller('api/property-change-batches')
export class BulkController {
  constructor(private readonly bulk: BulkService) {}

  /** A CSV file of changes: every row is accepted, unchanged, or refused with the cell and what to do. */
  @Post()
  @HttpCode(200)
  @Allow('properties:edit')
  load(@Caller() ctx: Context, @Body({ schema: bulkBody }) body: BulkBody) {
    return this.bulk.load(ctx, body);
  }

  @Get()
  @Allow('roll:read')
  list(@Caller() ctx: Context) {
    return this.bulk.list(ctx);
  }

  /** A second person lets all changes of the file onto the roll, in one transaction. */
  @Post(':id/approve')
  @HttpCode(200)
  @Allow('properties:approve')
  approve(@Caller() ctx: Context, @Param('id', { schema: id }) batchId: string) {
    return this.bulk.approve(ctx, batchId);
  }

  @Post(':id/return')
  @HttpCode(200)
  @Allow('properties:approve')
  sendBack(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) batchId: string,
    @Body({ schema: returnBody }) body: ReturnBody,
  ) {
    return this.bulk.sendBack(ctx, batchId, body);
  }
}
