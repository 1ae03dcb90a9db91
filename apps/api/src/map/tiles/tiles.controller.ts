import { Controller, Get, Param, Req } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import { Config } from '../../platform/config.js';
import type { Context } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { ogcBase } from '../features/ogc-documents.js';
import type { Layer } from '../layer.js';
import { LayersService } from '../layers.service.js';
import { requireReadable } from '../readable.js';
import { tileMatrixSetList, tilesetDocument, tilesetList, webMercatorQuad } from './tileset-documents.js';

/** OGC API Tiles: what describes the tiles. The tiles themselves are served by `tile-route`. */
@ApiExcludeController()
@Controller('ogc/:ulb')
export class TilesController {
  constructor(
    private readonly config: Config,
    private readonly layers: LayersService,
  ) {}

  @Get('collections/:layer/tiles')
  @Allow('layers:read')
  tilesets(@Caller() ctx: Context, @Req() request: FastifyRequest, @Param('layer') name: string): object {
    return tilesetList(ogcBase(this.config, request), this.open(ctx, name));
  }

  @Get('collections/:layer/tiles/WebMercatorQuad')
  @Allow('layers:read')
  async tileset(
    @Caller() ctx: Context,
    @Req() request: FastifyRequest,
    @Param('layer') name: string,
  ): Promise<object> {
    const layer = this.open(ctx, name);
    const [summary] = await this.layers.summaries(ctx, [layer]);
    return tilesetDocument(ogcBase(this.config, request), layer, summary?.bbox ?? null, limits.tileZoomMax);
  }

  @Get('tileMatrixSets')
  @Allow('layers:read')
  matrixSets(@Req() request: FastifyRequest): object {
    return tileMatrixSetList(ogcBase(this.config, request));
  }

  @Get('tileMatrixSets/WebMercatorQuad')
  @Allow('layers:read')
  matrixSet(): object {
    return webMercatorQuad(limits.tileZoomMax);
  }

  private open(ctx: Context, name: string): Layer {
    const layer = this.layers.get(name);
    requireReadable(layer, ctx.actor);
    return layer;
  }
}
