import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Allow } from '../../../platform/auth/allow.js';
import { Caller } from '../../../platform/auth/caller.js';
import type { Context } from '../../../platform/database/tx.js';
import { id } from '../../parcels.schema.js';
import { returnBody, type ReturnBody } from '../property-file.schema.js';
import {
  acceptance,
  type Acceptance,
  filing,
  type Filing,
  returnsQuery,
  type ReturnsQuery,
} from './returns.schema.js';
import { ReturnsService } from './returns.service.js';

@Controller('api/property-returns')
export class ReturnsController {
  constructor(private readonly returns: ReturnsService) {}

  /** Returns of a property, or those that wait for an officer; the reader's own wards only. */
  @Get()
  @Allow('roll:read')
  list(@Caller() ctx: Context, @Query({ schema: returnsQuery }) query: ReturnsQuery) {
    return this.returns.list(ctx, query);
  }

  /** What the check against roll and map would find. Keeps nothing. */
  @Post('check')
  @HttpCode(200)
  @Allow('properties:edit')
  check(@Caller() ctx: Context, @Body({ schema: filing }) body: Filing) {
    return this.returns.check(ctx, body);
  }

  /** Files a return under an id that the client made; one of the same year before it is revised. */
  @Put(':id')
  @Allow('properties:edit')
  submit(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) returnId: string,
    @Body({ schema: filing }) body: Filing,
  ) {
    return this.returns.submit(ctx, returnId, body);
  }

  /** Makes it a change of the roll, which a second person then checks. */
  @Post(':id/accept')
  @HttpCode(200)
  @Allow('properties:edit')
  accept(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) returnId: string,
    @Body({ schema: acceptance }) body: Acceptance,
  ) {
    return this.returns.accept(ctx, returnId, body);
  }

  @Post(':id/reject')
  @HttpCode(200)
  @Allow('properties:edit')
  reject(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) returnId: string,
    @Body({ schema: returnBody }) body: ReturnBody,
  ) {
    return this.returns.reject(ctx, returnId, body);
  }
}
