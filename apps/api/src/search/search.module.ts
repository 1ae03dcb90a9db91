import { Module } from '@nestjs/common';
import { SearchController } from './search.controller.js';
import { SearchIndex } from './search-index.repository.js';
import { SearchRepository } from './search.repository.js';
import { SearchService } from './search.service.js';

@Module({
  controllers: [SearchController],
  providers: [SearchIndex, SearchRepository, SearchService],
  exports: [SearchIndex],
})
export class SearchModule {}
