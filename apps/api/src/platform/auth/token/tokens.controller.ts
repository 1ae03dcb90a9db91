import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Context } from '../../database/tx.js';
import { Allow } from '../allow.js';
import { Caller } from '../caller.js';
import { newToken, type NewToken, tokenId, tokenMade, tokenView, type TokenView } from './tokens.schema.js';
import { TokensService } from './tokens.service.js';

@ApiTags('tokens')
@Controller('api/tokens')
export class TokensController {
  constructor(private readonly service: TokensService) {}

  @Post()
  @Allow('tokens:own')
  @ApiCreatedResponse({ standardSchema: tokenMade })
  async create(
    @Caller() ctx: Context,
    @Req() request: FastifyRequest,
    @Body({ schema: newToken }) body: NewToken,
  ): Promise<z.output<typeof tokenMade>> {
    return this.service.create(ctx, request.principal?.ulbCode ?? '', body);
  }

  @Get()
  @Allow('tokens:own')
  @ApiOkResponse({ standardSchema: z.array(tokenView) })
  async list(@Caller() ctx: Context): Promise<TokenView[]> {
    return this.service.list(ctx);
  }

  @Delete(':id')
  @HttpCode(204)
  @Allow('tokens:own')
  async revoke(@Caller() ctx: Context, @Param('id', { schema: tokenId }) id: string): Promise<void> {
    await this.service.revoke(ctx, id);
  }
}
