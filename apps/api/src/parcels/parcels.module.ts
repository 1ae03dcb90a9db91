import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { ImportModule } from '../map/import/import.module.js';
import { SearchModule } from '../search/search.module.js';
import { ParcelsController } from './parcels.controller.js';
import { ParcelsRepository } from './parcels.repository.js';
import { ParcelsService } from './parcels.service.js';
import { RollApplyRepository } from './roll-import/roll-apply.repository.js';
import { RollImportService } from './roll-import/roll-import.service.js';
import { RollStagingRepository } from './roll-import/roll-staging.repository.js';

@Module({
  imports: [ImportModule, LedgerModule, SearchModule],
  controllers: [ParcelsController],
  providers: [
    ParcelsRepository,
    ParcelsService,
    RollStagingRepository,
    RollApplyRepository,
    RollImportService,
  ],
  exports: [ParcelsService, RollImportService],
})
export class ParcelsModule {}
