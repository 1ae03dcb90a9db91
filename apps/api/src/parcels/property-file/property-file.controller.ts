import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { id, revealBody, type RevealBody } from '../parcels.schema.js';
import { CodesService } from './codes/codes.service.js';
import { DecisionService } from './decision.service.js';
import {
  changeBody,
  type ChangeBody,
  knownQuery,
  type KnownQuery,
  numberQuery,
  queueQuery,
  type QueueQuery,
  returnBody,
  type ReturnBody,
} from './property-file.schema.js';
import { PropertyFileService } from './property-file.service.js';
import { PropertyHistoryService } from './property-history.service.js';

@Controller('api')
export class PropertyFileController {
  constructor(
    private readonly file: PropertyFileService,
    private readonly decisions: DecisionService,
    private readonly past: PropertyHistoryService,
    private readonly lists: CodesService,
  ) {}

  /** The property with all days that it tells of, or as it was known on a day, at an instant. Owners masked. */
  @Get('properties/:id/file')
  @Allow('roll:read')
  whole(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) propertyId: string,
    @Query({ schema: knownQuery }) query: KnownQuery,
  ) {
    return this.past.file(ctx, propertyId, query);
  }

  /** Who changed what, when, why and by which paper, the newest version first. Owners masked. */
  @Get('properties/:id/history')
  @Allow('roll:read')
  history(@Caller() ctx: Context, @Param('id', { schema: id }) propertyId: string) {
    return this.past.history(ctx, propertyId);
  }

  /** What a clerk chooses from: codes of the tariff in force and of the roll, wards with their zones. */
  @Get('roll-codes')
  @Allow('roll:read')
  codes(@Caller() ctx: Context) {
    return this.lists.codes(ctx);
  }

  /** The number that would follow the highest of a ward. */
  @Get('roll-codes/next-number')
  @Allow('properties:edit')
  nextNumber(@Caller() ctx: Context, @Query({ schema: numberQuery }) { ward }: { ward: string }) {
    return this.file.nextNumber(ctx, ward);
  }

  /** Changes that wait to be checked, or others by status; the reader's own wards only. */
  @Get('property-changes')
  @Allow('roll:read')
  queue(@Caller() ctx: Context, @Query({ schema: queueQuery }) query: QueueQuery) {
    return this.file.queue(ctx, query);
  }

  /** What a change would do and what stands against it. Keeps nothing. */
  @Post('property-changes/check')
  @HttpCode(200)
  @Allow('properties:edit')
  check(@Caller() ctx: Context, @Body({ schema: changeBody }) body: ChangeBody) {
    return this.file.check(ctx, body);
  }

  @Get('property-changes/:id')
  @Allow('roll:read')
  view(@Caller() ctx: Context, @Param('id', { schema: id }) changeId: string) {
    return this.file.view(ctx, changeId);
  }

  /** Keeps a draft under an id that the client made, and sends it where `submit` says so. */
  @Put('property-changes/:id')
  @Allow('properties:edit')
  save(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) changeId: string,
    @Body({ schema: changeBody }) body: ChangeBody,
  ) {
    return this.file.save(ctx, changeId, body);
  }

  @Post('property-changes/:id/submit')
  @HttpCode(200)
  @Allow('properties:edit')
  submit(@Caller() ctx: Context, @Param('id', { schema: id }) changeId: string) {
    return this.file.submit(ctx, changeId);
  }

  @Post('property-changes/:id/withdraw')
  @HttpCode(200)
  @Allow('properties:edit')
  withdraw(@Caller() ctx: Context, @Param('id', { schema: id }) changeId: string) {
    return this.file.withdraw(ctx, changeId);
  }

  /** A second person lets the change onto the roll. */
  @Post('property-changes/:id/approve')
  @HttpCode(200)
  @Allow('properties:approve')
  approve(@Caller() ctx: Context, @Param('id', { schema: id }) changeId: string) {
    return this.decisions.approve(ctx, changeId);
  }

  /** A second person sends the change back to its maker, with the reason. */
  @Post('property-changes/:id/return')
  @HttpCode(200)
  @Allow('properties:approve')
  sendBack(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) changeId: string,
    @Body({ schema: returnBody }) body: ReturnBody,
  ) {
    return this.decisions.sendBack(ctx, changeId, body);
  }

  /** The persons that a change names, unmasked. Asks for a reason and leaves a row in the audit log. */
  @Post('property-changes/:id/reveal')
  @HttpCode(200)
  @Allow('owners:reveal')
  reveal(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) changeId: string,
    @Body({ schema: revealBody }) body: RevealBody,
  ) {
    return this.file.reveal(ctx, changeId, body);
  }
}
