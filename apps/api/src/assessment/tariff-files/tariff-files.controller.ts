import { Controller, Get } from '@nestjs/common';
import { Allow } from '../../platform/auth/allow.js';
import { Caller } from '../../platform/auth/caller.js';
import type { Context } from '../../platform/database/tx.js';
import { TariffFilesService } from './tariff-files.service.js';

@Controller('api/tariffs')
export class TariffFilesController {
  constructor(private readonly tariffs: TariffFilesService) {}

  /** The tariffs installed in this municipality, the newest year first. */
  @Get()
  @Allow('tariffs:read')
  list(@Caller() ctx: Context) {
    return this.tariffs.list(ctx);
  }
}
