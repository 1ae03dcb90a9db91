import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import {
  equityQuery,
  type EquityQuery,
  id,
  saleChange,
  type SaleChange,
  salesFile,
  type SalesFile,
  salesQuery,
  type SalesQuery,
} from './equity.schema.js';
import { EquityService } from './equity.service.js';
import { SalesService } from './sales.service.js';

@Controller('api')
export class EquityController {
  constructor(
    private readonly equity: EquityService,
    private readonly sales: SalesService,
  ) {}

  /** A ratio study after the Standard of the IAAO: values of the roll against prices of sales. */
  @Get('equity')
  @Allow('equity:read')
  report(@Caller() ctx: Context, @Query({ schema: equityQuery }) query: EquityQuery) {
    return this.equity.report(ctx, query);
  }

  /** Registered sales, the newest entry first. */
  @Get('sales')
  @Allow('equity:read')
  list(@Caller() ctx: Context, @Query({ schema: salesQuery }) query: SalesQuery) {
    return this.sales.list(ctx, query);
  }

  /** Sales from a CSV file, with a report of every row that could not be taken. */
  @Post('sales/imports')
  @HttpCode(200)
  @Allow('sales:import')
  bring(@Caller() ctx: Context, @Body({ schema: salesFile }) body: SalesFile) {
    return this.sales.bring(ctx, body);
  }

  /** Says whether a sale was at arm's length, with the reason. */
  @Post('sales/:id/arms-length')
  @HttpCode(200)
  @Allow('sales:import')
  armsLength(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) saleId: string,
    @Body({ schema: saleChange }) body: SaleChange,
  ) {
    return this.sales.setArmsLength(ctx, saleId, body);
  }
}
