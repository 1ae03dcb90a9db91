import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Allow } from '../platform/auth/allow.js';
import { Caller } from '../platform/auth/caller.js';
import type { Context } from '../platform/database/tx.js';
import {
  id,
  parcelQuery,
  type ParcelQuery,
  revealBody,
  type RevealBody,
  rollQuery,
  type RollQuery,
} from './parcels.schema.js';
import { ParcelsService } from './parcels.service.js';

@Controller('api')
export class ParcelsController {
  constructor(private readonly parcels: ParcelsService) {}

  /** The tax roll, page by page in the order of the numbers. */
  @Get('properties')
  @Allow('roll:read')
  roll(@Caller() ctx: Context, @Query({ schema: rollQuery }) query: RollQuery) {
    return this.parcels.roll(ctx, query);
  }

  /** All that is known of a property; its owners masked. */
  @Get('properties/:id')
  @Allow('roll:read')
  card(@Caller() ctx: Context, @Param('id', { schema: id }) propertyId: string) {
    return this.parcels.card(ctx, propertyId);
  }

  /** The owners unmasked. Asks for a reason and leaves a row in the audit log. */
  @Post('properties/:id/owners/reveal')
  @HttpCode(200)
  @Allow('owners:reveal')
  reveal(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) propertyId: string,
    @Body({ schema: revealBody }) body: RevealBody,
  ) {
    return this.parcels.reveal(ctx, propertyId, body);
  }

  /** The properties on a parcel. */
  @Get('parcels/:id/properties')
  @Allow('roll:read')
  onParcel(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) parcelId: string,
    @Query({ schema: parcelQuery }) query: ParcelQuery,
  ) {
    return this.parcels.onParcel(ctx, parcelId, query);
  }
}
