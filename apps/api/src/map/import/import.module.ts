import { Module } from '@nestjs/common';
import { ApplyRepository } from './apply.repository.js';
import { FindingsRepository } from './findings.repository.js';
import { ImportRepository } from './import.repository.js';
import { ImportService } from './import.service.js';
import { StagingRepository } from './staging.repository.js';

@Module({
  providers: [ImportService, ImportRepository, StagingRepository, ApplyRepository, FindingsRepository],
  exports: [ImportService, ImportRepository],
})
export class ImportModule {}
