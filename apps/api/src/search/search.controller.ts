import { Controller, Get, Query } from '@nestjs/common';
import { Allow } from '../platform/auth/allow.js';
import { Caller } from '../platform/auth/caller.js';
import type { Context } from '../platform/database/tx.js';
import { searchQuery, type SearchQuery } from './search.schema.js';
import { SearchService } from './search.service.js';

@Controller('api/search')
export class SearchController {
  constructor(private readonly searching: SearchService) {}

  /** Finds properties, owners, roads, poles, wards and other features by number or by name in either script. */
  @Get()
  @Allow('layers:read')
  search(@Caller() ctx: Context, @Query({ schema: searchQuery }) query: SearchQuery) {
    return this.searching.search(ctx, query);
  }
}
