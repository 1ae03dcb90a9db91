import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Put,
  Res,
} from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Problem } from '../../core/problem.js';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import {
  decision,
  type Edits,
  edits,
  type ExampleOf,
  exampleOf,
  id,
  type NewProposal,
  newProposal,
  wholeText,
} from './tariff-proposals.schema.js';
import { TariffProposalsService } from './tariff-proposals.service.js';

/** Every answer carries its version as ETag; whoever changes or decides sends it back as If-Match. */
@Controller('api/tariff-proposals')
export class TariffProposalsController {
  constructor(private readonly proposals: TariffProposalsService) {}

  @Get()
  @Allow('tariffs:read')
  list(@Caller() ctx: Context) {
    return this.proposals.list(ctx);
  }

  /** Drafts a change of an installed tariff, or takes a text that was written elsewhere. */
  @Post()
  @Allow('tariffs:edit')
  async create(
    @Caller() ctx: Context,
    @Body({ schema: newProposal }) body: NewProposal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.proposals.create(ctx, body));
  }

  @Get(':id')
  @Allow('tariffs:read')
  async get(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) proposal: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.proposals.get(ctx, proposal));
  }

  /** Changes single values of the text and leaves the rest as it was written. */
  @Patch(':id')
  @Allow('tariffs:edit')
  async edit(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) proposal: string,
    @Headers('if-match') seen: string | undefined,
    @Body({ schema: edits }) body: Edits,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.proposals.edit(ctx, proposal, versionOf(seen), body.edits));
  }

  @Put(':id/text')
  @Allow('tariffs:edit')
  async replace(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) proposal: string,
    @Headers('if-match') seen: string | undefined,
    @Body({ schema: wholeText }) body: { text: string },
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return tagged(reply, await this.proposals.replace(ctx, proposal, versionOf(seen), body.text));
  }

  /** Every fault with line, path, value and remedy, and every case with what it expects and what comes out. */
  @Post(':id/check')
  @HttpCode(200)
  @Allow('tariffs:read')
  check(@Caller() ctx: Context, @Param('id', { schema: id }) proposal: string) {
    return this.proposals.check(ctx, proposal);
  }

  /** One case or property under the proposal and under the version in force. */
  @Post(':id/example')
  @HttpCode(200)
  @Allow('tariffs:read')
  example(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) proposal: string,
    @Body({ schema: exampleOf }) body: ExampleOf,
  ) {
    return this.proposals.example(ctx, proposal, body);
  }

  @Get(':id/compare')
  @Allow('tariffs:read')
  compare(@Caller() ctx: Context, @Param('id', { schema: id }) proposal: string) {
    return this.proposals.compare(ctx, proposal);
  }

  @Post(':id/submit')
  @HttpCode(200)
  @Allow('tariffs:edit')
  submit(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) proposal: string,
    @Headers('if-match') seen: string | undefined,
  ) {
    return this.proposals.submit(ctx, proposal, versionOf(seen));
  }

  /** Takes a submitted proposal back to work on it. */
  @Post(':id/recall')
  @HttpCode(200)
  @Allow('tariffs:edit')
  recall(@Caller() ctx: Context, @Param('id', { schema: id }) proposal: string) {
    return this.proposals.withdraw(ctx, proposal, 'draft');
  }

  @Delete(':id')
  @Allow('tariffs:edit')
  discard(@Caller() ctx: Context, @Param('id', { schema: id }) proposal: string) {
    return this.proposals.withdraw(ctx, proposal, 'discarded');
  }

  /** Puts it into force from its date. Only a person who had no hand in it may. */
  @Post(':id/approve')
  @HttpCode(200)
  @Allow('tariffs:approve')
  approve(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) proposal: string,
    @Headers('if-match') seen: string | undefined,
  ) {
    return this.proposals.approve(ctx, proposal, versionOf(seen));
  }

  @Post(':id/return')
  @HttpCode(200)
  @Allow('tariffs:approve')
  giveBack(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) proposal: string,
    @Headers('if-match') seen: string | undefined,
    @Body({ schema: decision }) body: { reason: string },
  ) {
    return this.proposals.giveBack(ctx, proposal, versionOf(seen), body.reason);
  }
}

function versionOf(seen: string | undefined): number {
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(seen?.trim() ?? '')?.[1];
  if (version) return Number(version);
  const detail = 'Send the version that you saw (the ETag of the proposal) in the header If-Match.';
  throw new Problem(428, 'version-missing', detail, [{ where: 'if-match', message: 'the version you saw' }]);
}

function tagged<T extends { version: number }>(reply: FastifyReply, body: T): T {
  void reply.header('etag', `"${body.version}"`);
  return body;
}
