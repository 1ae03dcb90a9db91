import { Controller, Get, Header, Param } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow } from '../platform/auth/allow.js';
import { Caller } from '../platform/auth/caller.js';
import type { Context } from '../platform/database/tx.js';
import {
  clickedFeature,
  featureHistory,
  layerSummaries,
  type LayerSummary,
  tileIdParameter,
} from './layers.schema.js';
import { LayersService } from './layers.service.js';

const json = 'application/json; charset=utf-8';

@ApiTags('layers')
@Controller('api/layers')
export class LayersController {
  constructor(private readonly layers: LayersService) {}

  @Get()
  @Allow('layers:read')
  @ApiOkResponse({ standardSchema: layerSummaries })
  list(@Caller() ctx: Context): Promise<LayerSummary[]> {
    return this.layers.list(ctx);
  }

  @Get(':layer/by-tile-id/:tileId')
  @Allow('layers:read')
  @Header('content-type', json)
  @ApiOkResponse({ standardSchema: clickedFeature })
  byTileId(
    @Caller() ctx: Context,
    @Param('layer') layer: string,
    @Param('tileId', { schema: tileIdParameter }) tileId: string,
  ): Promise<string> {
    return this.layers.byTileId(ctx, layer, tileId);
  }

  @Get(':layer/features/:id/history')
  @Allow('layers:read')
  @Header('content-type', json)
  @ApiOkResponse({ standardSchema: featureHistory })
  history(
    @Caller() ctx: Context,
    @Param('layer') layer: string,
    @Param('id', { schema: z.guid() }) id: string,
  ): Promise<string> {
    return this.layers.history(ctx, layer, id);
  }
}
