import { Controller, Get, HttpStatus, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import { Config } from '../../platform/config.js';
import type { Context } from '../../platform/database/tx.js';
import type { Layer } from '../layer.js';
import { LayersService } from '../layers.service.js';
import { readableColumns, requireReadable } from '../readable.js';
import type { RawQuery } from './feature-query.js';
import { FeaturesService } from './features.service.js';
import {
  collectionDocument,
  collectionsDocument,
  conformanceDeclaration,
  crs84,
  landingPage,
  type Link,
  mediaTypes,
  ogcBase,
  sameEtag,
} from './ogc-documents.js';
import { openApiDocument } from './openapi.js';

/** OGC API Features, Part 1. The municipality stands in the path, so that no cache mixes two of them. */
@ApiExcludeController()
@Controller('ogc/:ulb')
export class FeaturesController {
  constructor(
    private readonly config: Config,
    private readonly layers: LayersService,
    private readonly features: FeaturesService,
  ) {}

  @Get()
  @Allow('layers:read')
  async landing(@Caller() ctx: Context, @Req() request: FastifyRequest): Promise<object> {
    return landingPage(this.base(request), await this.layers.ulbName(ctx));
  }

  @Get('conformance')
  @Allow('layers:read')
  conformance(): object {
    return conformanceDeclaration();
  }

  @Get('api')
  @Allow('layers:read')
  async definition(
    @Caller() ctx: Context,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const title = await this.layers.ulbName(ctx);
    const columnsOf = (layer: Layer) => readableColumns(layer, ctx.actor);
    const document = openApiDocument(this.base(request), title, this.layers.readable(ctx), columnsOf);
    void reply.header('content-type', definitionType(request.headers.accept)).header('vary', 'accept');
    return Buffer.from(JSON.stringify(document));
  }

  @Get('collections')
  @Allow('layers:read')
  async collections(@Caller() ctx: Context, @Req() request: FastifyRequest): Promise<object> {
    const base = this.base(request);
    const found = await this.layers.summaries(ctx, this.layers.readable(ctx));
    return collectionsDocument(
      base,
      found.map(({ layer, bbox }) => collectionDocument(base, layer, bbox)),
    );
  }

  @Get('collections/:layer')
  @Allow('layers:read')
  async collection(
    @Caller() ctx: Context,
    @Req() request: FastifyRequest,
    @Param('layer') name: string,
  ): Promise<object> {
    const layer = this.layers.get(name);
    requireReadable(layer, ctx.actor);
    const [summary] = await this.layers.summaries(ctx, [layer]);
    return collectionDocument(this.base(request), layer, summary?.bbox ?? null);
  }

  @Get('collections/:layer/items')
  @Allow('layers:read')
  async items(
    @Caller() ctx: Context,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('layer') layer: string,
  ): Promise<Buffer> {
    const url = `${this.base(request)}/collections/${encodeURIComponent(layer)}/items`;
    const { body, links } = await this.features.items(ctx, layer, request.query as RawQuery, url);
    geoJsonHeaders(reply, links);
    // As bytes: to a text the server would add a charset, which this media type does not know.
    return Buffer.from(body);
  }

  @Get('collections/:layer/items/:id')
  @Allow('layers:read')
  async item(
    @Caller() ctx: Context,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param() params: { layer: string; id: string },
  ): Promise<Buffer | undefined> {
    const url = `${this.base(request)}/collections/${encodeURIComponent(params.layer)}`;
    const query = request.query as RawQuery;
    const { body, etag, links } = await this.features.item(ctx, params, query, url);
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (sameEtag(request.headers['if-none-match'], etag)) {
      void reply.status(HttpStatus.NOT_MODIFIED);
      return undefined;
    }
    geoJsonHeaders(reply, links);
    // As bytes: to a text the server would add a charset, which this media type does not know.
    return Buffer.from(body);
  }

  private base(request: FastifyRequest): string {
    return ogcBase(this.config, request);
  }
}

function geoJsonHeaders(reply: FastifyReply, links: Link[]): void {
  const link = links.map(({ href, rel, type }) => `<${href}>; rel="${rel}"; type="${type}"`).join(', ');
  void reply
    .header('content-type', mediaTypes.geoJson)
    .header('content-crs', `<${crs84}>`)
    .header('link', link);
}

/** GDAL asks for the definition of version 3.0 or for JSON, and takes 3.1 under the name of JSON only. */
function definitionType(accept = ''): string {
  return accept.includes('application/json') && !accept.includes('version=3.1')
    ? mediaTypes.json
    : mediaTypes.openApi;
}
