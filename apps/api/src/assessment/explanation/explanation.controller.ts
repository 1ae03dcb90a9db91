import { Controller, Get, Param, Query } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { id } from '../assessment.schema.js';
import { type Explained, explained } from './explanation.schema.js';
import { ExplanationService } from './explanation.service.js';

@Controller('api/properties/:id/explanation')
export class ExplanationController {
  constructor(private readonly explanations: ExplanationService) {}

  /** Each step of a property's tax, with the figures and the law, down to the row of the table. */
  @Get()
  @Allow('assessments:read')
  explain(
    @Caller() ctx: Context,
    @Param('id', { schema: id }) propertyId: string,
    @Query({ schema: explained }) { fy, no }: Explained,
  ) {
    return this.explanations.explain(ctx, propertyId, fy, no ?? null);
  }
}
