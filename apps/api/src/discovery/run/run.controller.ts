import { Body, Controller, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { id, newDiscovery, type NewDiscovery } from './run.schema.js';
import { DiscoveryService } from './run.service.js';
import { type DiscoverySettings, discoverySettings } from './settings.js';

@Controller('api')
export class DiscoveryController {
  constructor(private readonly discovery: DiscoveryService) {}

  /** Tolerances below which a difference between map and roll is no finding. */
  @Get('discovery-settings')
  @Allow('discovery:read')
  settings(@Caller() ctx: Context) {
    return this.discovery.settings(ctx);
  }

  @Put('discovery-settings')
  @Allow('discovery:decide')
  setSettings(@Caller() ctx: Context, @Body({ schema: discoverySettings }) body: DiscoverySettings) {
    return this.discovery.setSettings(ctx, body);
  }

  /** Holds the map against the roll, for the whole municipality or for some wards. */
  @Post('discovery-runs')
  @HttpCode(202)
  @Allow('discovery:run')
  start(@Caller() ctx: Context, @Body({ schema: newDiscovery }) body: NewDiscovery) {
    return this.discovery.start(ctx, body);
  }

  @Get('discovery-runs')
  @Allow('discovery:read')
  list(@Caller() ctx: Context) {
    return this.discovery.list(ctx);
  }

  /** A run with what it counted: every footprint and every property in exactly one class. */
  @Get('discovery-runs/:id')
  @Allow('discovery:read')
  get(@Caller() ctx: Context, @Param('id', { schema: id }) runId: string) {
    return this.discovery.get(ctx, runId);
  }

  @Post('discovery-runs/:id/cancel')
  @HttpCode(200)
  @Allow('discovery:run')
  cancel(@Caller() ctx: Context, @Param('id', { schema: id }) runId: string) {
    return this.discovery.cancel(ctx, runId);
  }
}
