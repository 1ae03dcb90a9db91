import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { createHash } from 'node:crypto';
import { Problem } from '../../core/problem.js';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import {
  findingQuery,
  type FindingQuery,
  funnelQuery,
  type FunnelQuery,
  id,
  stateChange,
  type StateChange,
  tile,
} from './finding.schema.js';
import { FindingService } from './finding.service.js';

@Controller('api')
export class FindingController {
  constructor(private readonly findings: FindingService) {}

  /** What the map shows and the roll does not, the dearest first. */
  @Get('findings')
  @Allow('discovery:read')
  list(@Caller() ctx: Context, @Query({ schema: findingQuery }) query: FindingQuery) {
    return this.findings.list(ctx, query);
  }

  /** How many findings came to each stage, and for how much. */
  @Get('findings-funnel')
  @Allow('discovery:read')
  funnel(@Caller() ctx: Context, @Query({ schema: funnelQuery }) { kind }: FunnelQuery) {
    return this.findings.funnel(ctx, kind ?? null);
  }

  /** A finding with its evidence, its estimate, what happened to it and the visits it asked for. */
  @Get('findings/:id')
  @Allow('discovery:read')
  card(@Caller() ctx: Context, @Param('id', { schema: id }) findingId: string) {
    return this.findings.card(ctx, findingId);
  }

  /** Somebody has looked, and it is so. */
  @Post('findings/:id/verify')
  @HttpCode(200)
  @Allow('discovery:verify')
  verify(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) findingId: string,
    @Body({ schema: stateChange }) body: StateChange,
  ) {
    if (body.to !== 'verified') {
      const detail = 'Here a finding becomes verified and nothing else. Send other steps to /state.';
      throw new Problem(400, 'finding-step', detail, [
        { where: '/to', value: body.to, message: 'not verified' },
      ]);
    }
    return this.findings.change(ctx, findingId, body);
  }

  /** Notice, objection, demand, payment, dismissal: in the order of the law. */
  @Post('findings/:id/state')
  @HttpCode(200)
  @Allow('discovery:decide')
  change(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) findingId: string,
    @Body({ schema: stateChange }) body: StateChange,
  ) {
    return this.findings.change(ctx, findingId, body);
  }

  /** A vector tile of findings, by kind and state. */
  @Get('findings-tiles/:z/:row/:column')
  @Allow('discovery:read')
  async tile(
    @Caller() ctx: Context,
    @Param('z', { schema: tile.z }) z: number,
    @Param('row', { schema: tile.index }) y: number,
    @Param('column', { schema: tile.index }) x: number,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (y >= 2 ** z || x >= 2 ** z) {
      throw new Problem(404, 'tile-outside', `Zoom ${z} has rows and columns 0 to ${2 ** z - 1}.`);
    }
    const bytes = await this.findings.tile(ctx, { z, x, y });
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 24)}"`;
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (known === etag) await reply.code(304).send();
    else await reply.type('application/vnd.mapbox-vector-tile').send(bytes);
  }
}
