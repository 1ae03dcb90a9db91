import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import { Database } from '../../platform/database/database.js';
import type { Context } from '../../platform/database/tx.js';
import { ofYear, tile } from '../assessment.schema.js';
import { TaxMapRepository } from './tax-map.repository.js';

/** Below it a tile holds more parcels than can be told apart. */
const tileMinZoom = 12;

@Controller('api/assessment-map')
export class TaxMapController {
  constructor(
    private readonly database: Database,
    private readonly maps: TaxMapRepository,
  ) {}

  /** The classes of the map of a year: tax per m2 of land, in seven quantiles. */
  @Get()
  @Allow('assessments:read')
  async legend(@Caller() ctx: Context, @Query({ schema: ofYear }) { fy }: { fy: number }) {
    const map = await this.database.read(ctx, (tx) => this.maps.map(tx, fy));
    if (!map) {
      const detail = `No published run has drawn the map of ${formatFinancialYear(fy)} yet.`;
      throw new Problem(404, 'map-missing', detail);
    }
    const { breaks, counts } = map.map_breaks;
    return { fy: formatFinancialYear(fy), runId: map.run_id, breaks, counts, unit: 'paise per m2 of land' };
  }

  /** A vector tile of the map; feature ids are those of the parcels' own tiles. */
  @Get('tiles/:z/:row/:column')
  @Allow('assessments:read')
  async tile(
    @Caller() ctx: Context,
    @Param('z', { schema: tile.z }) z: number,
    @Param('row', { schema: tile.index }) row: number,
    @Param('column', { schema: tile.index }) column: number,
    @Query({ schema: ofYear }) { fy }: { fy: number },
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (row >= 2 ** z || column >= 2 ** z) {
      throw new Problem(404, 'tile-outside', `Zoom ${z} has rows and columns 0 to ${2 ** z - 1}.`);
    }
    const bytes =
      z < tileMinZoom
        ? Buffer.alloc(0)
        : await this.database.read(ctx, (tx) => this.maps.tile(tx, fy, z, column, row));
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 24)}"`;
    void reply.header('etag', etag).header('cache-control', 'private, max-age=60');
    if (known === etag) await reply.code(304).send();
    else await reply.type('application/vnd.mapbox-vector-tile').send(bytes);
  }
}
