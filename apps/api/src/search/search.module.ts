import { Module, type OnModuleInit } from '@nestjs/common';
import { ImportModule } from '../map/import/import.module.js';
import { ImportService } from '../map/import/import.service.js';
import { Database } from '../platform/database/database.js';
import { limits } from '../platform/limits.js';
import { JobRegistry } from '../platform/queue/job-registry.js';
import { Jobs } from '../platform/queue/jobs.js';
import { SearchController } from './search.controller.js';
import { SearchIndex } from './search-index.repository.js';
import { refreshTerms } from './search.jobs.js';
import { SearchRepository } from './search.repository.js';
import { SearchService } from './search.service.js';

@Module({
  imports: [ImportModule],
  controllers: [SearchController],
  providers: [SearchIndex, SearchRepository, SearchService],
  exports: [SearchIndex],
})
export class SearchModule implements OnModuleInit {
  constructor(
    private readonly imports: ImportService,
    private readonly database: Database,
    private readonly index: SearchIndex,
    private readonly jobs: Jobs,
    private readonly registry: JobRegistry,
  ) {}

  onModuleInit(): void {
    this.imports.onApplied((tx, noun) => this.jobs.add(tx, refreshTerms, { noun }));
    const options = { statementTimeoutMs: limits.jobStatementTimeoutMs };
    this.registry.handle(refreshTerms, async (ctx, { noun }) => {
      await this.database.write(ctx, (tx) => this.index.refresh(tx, noun, 'all'), options);
    });
  }
}
