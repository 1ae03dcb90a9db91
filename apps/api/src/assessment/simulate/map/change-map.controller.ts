import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { Problem } from '../../../core/problem.js';
import { Allow } from '../../../platform/auth/allow.js';
import { Caller } from '../../../platform/auth/caller.js';
import type { Context } from '../../../platform/database/tx.js';
import { id, tile } from '../../assessment.schema.js';
import { ChangeMapService } from './change-map.service.js';

@Controller('api/simulations')
export class ChangeMapController {
  constructor(private readonly maps: ChangeMapService) {}

  /** How many parcels and wards each class of change holds; draws the map where that was not done yet. */
  @Get(':id/map')
  @Allow('tariffs:simulate')
  legend(@Caller() ctx: Context, @Param('id', { schema: id }) simulationId: string) {
    return this.maps.legend(ctx, simulationId);
  }

  /** A vector tile with layer `change`: wards from afar, parcels near by. */
  @Get(':id/map/tiles/:z/:row/:column')
  @Allow('tariffs:simulate')
  async tile(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) simulationId: string,
    @Param('z', { schema: tile.z }) z: number,
    @Param('row', { schema: tile.index }) row: number,
    @Param('column', { schema: tile.index }) column: number,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (row >= 2 ** z || column >= 2 ** z) {
      throw new Problem(404, 'tile-outside', `Zoom ${z} has rows and columns 0 to ${2 ** z - 1}.`);
    }
    const bytes = await this.maps.tile(ctx, simulationId, [z, column, row]);
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 24)}"`;
    void reply.header('etag', etag).header('cache-control', 'private, max-age=300');
    if (known === etag) await reply.code(304).send();
    else await reply.type('application/vnd.mapbox-vector-tile').send(bytes);
  }
}
