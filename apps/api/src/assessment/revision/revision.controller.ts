import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { id } from '../assessment.schema.js';
import { type NewRevision, newRevision } from './revision.schema.js';
import { RevisionService } from './revision.service.js';

@Controller('api/properties/:id')
export class RevisionController {
  constructor(private readonly revisions: RevisionService) {}

  /** Assesses one property anew, with the reason; the difference is demanded once a second person publishes it. */
  @Post('reassess')
  @HttpCode(202)
  @Allow('assessments:run')
  reassess(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) propertyId: string,
    @Body({ schema: newRevision }) body: NewRevision,
  ) {
    return this.revisions.start(ctx, propertyId, body);
  }
}
