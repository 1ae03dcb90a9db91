import { Controller, Get, Param } from '@nestjs/common';
import { z } from 'zod';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { TariffFilesService } from './tariff-files.service.js';

/** The digest of a file's text, by which an installed file is known. */
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'Expected the digest of a tariff');

@Controller('api/tariffs')
export class TariffFilesController {
  constructor(private readonly tariffs: TariffFilesService) {}

  /** The tariffs installed in this municipality, the newest year first. */
  @Get()
  @Allow('tariffs:read')
  list(@Caller() ctx: Context) {
    return this.tariffs.list(ctx);
  }

  /** One installed tariff with the text that was installed. */
  @Get(':sha256')
  @Allow('tariffs:read')
  get(@Caller() ctx: Context, @Param('sha256', { schema: sha256 }) digest: string) {
    return this.tariffs.get(ctx, digest);
  }
}
