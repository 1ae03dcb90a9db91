import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { contextOf } from '../../platform/auth/caller.js';
import { registerRoute } from '../../platform/http/raw-route.js';
import { mediaTypes, sameEtag } from '../features/ogc-documents.js';
import type { Tile } from './tile-cache.js';
import { TilesService } from './tiles.service.js';

interface TileParameters {
  layer: string;
  tileMatrix: string;
  tileRow: string;
  tileCol: string;
}

/** A map asks for tiles by the hundred: one raw route, in which a kept tile costs a look-up. */
@Injectable()
export class TileRoute implements OnModuleInit {
  constructor(
    private readonly host: HttpAdapterHost,
    private readonly tiles: TilesService,
  ) {}

  onModuleInit(): void {
    registerRoute(this.host, {
      method: 'GET',
      url: '/ogc/:ulb/collections/:layer/tiles/WebMercatorQuad/:tileMatrix/:tileRow/:tileCol',
      access: 'layers:read',
      handler: (request, reply) => this.handle(request, reply),
    });
  }

  private handle(request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply> {
    const { layer, tileMatrix, tileRow, tileCol } = request.params as TileParameters;
    const address = { z: whole(tileMatrix), x: whole(tileCol), y: whole(tileRow) };
    const tile = this.tiles.tile(contextOf(request), layer, address);
    return tile instanceof Promise
      ? tile.then((made) => send(request, reply, made))
      : send(request, reply, tile);
  }
}

/** A number without sign, point or leading zero, so that a tile has one address; else one that names no tile. */
function whole(text: string): number {
  return /^(0|[1-9]\d{0,8})$/.test(text) ? Number(text) : Number.NaN;
}

/** Every view asks again whether its copy still stands: an edit shows with the next look, and nothing is sent twice. */
function send(request: FastifyRequest, reply: FastifyReply, tile: Tile): FastifyReply {
  void reply.header('cache-control', 'private, no-cache').header('etag', tile.etag);
  if (sameEtag(request.headers['if-none-match'], tile.etag)) return reply.code(304).send();
  if (!tile.bytes) return reply.code(204).send();
  return reply.header('content-type', mediaTypes.mvt).send(tile.bytes);
}
