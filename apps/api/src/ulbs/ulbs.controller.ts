import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Public } from '../platform/auth/allow.js';
import { Caller } from '../platform/auth/caller.js';
import { ulbView } from '../platform/auth/session/session.schema.js';
import type { Context } from '../platform/database/tx.js';
import { wardAt, type WardAt, wardView, type WardView } from './ulbs.schema.js';
import { UlbsService } from './ulbs.service.js';

@ApiTags('municipalities')
@Controller('api')
export class UlbsController {
  constructor(private readonly service: UlbsService) {}

  /** For the sign-in page: which municipalities there are, and where. */
  @Get('ulbs')
  @Public()
  @ApiOkResponse({ standardSchema: z.array(ulbView) })
  async list(): Promise<z.output<typeof ulbView>[]> {
    const tenants = await this.service.list();
    return tenants.map(({ code, name, nameLocal, languages, bbox }) => ({
      code,
      name,
      nameLocal,
      languages,
      bbox,
    }));
  }

  @Get('wards/at')
  @Allow('layers:read')
  @ApiOkResponse({ standardSchema: wardView })
  async wardAt(@Caller() ctx: Context, @Query({ schema: wardAt }) query: WardAt): Promise<WardView> {
    return this.service.wardAt(ctx, query);
  }
}
