import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { ImportModule } from '../map/import/import.module.js';
import { SearchModule } from '../search/search.module.js';
import { ParcelsController } from './parcels.controller.js';
import { ParcelsRepository } from './parcels.repository.js';
import { ParcelsService } from './parcels.service.js';
import { BulkGroups } from './property-file/bulk/bulk-groups.js';
import { BulkController } from './property-file/bulk/bulk.controller.js';
import { BulkRepository } from './property-file/bulk/bulk.repository.js';
import { BulkService } from './property-file/bulk/bulk.service.js';
import { ChangeCheck } from './property-file/change-check.js';
import { CodesRepository } from './property-file/codes/codes.repository.js';
import { CodesService } from './property-file/codes/codes.service.js';
import { DecisionService } from './property-file/decision.service.js';
import { DocumentRepository } from './property-file/document.repository.js';
import { PropertyFileController } from './property-file/property-file.controller.js';
import { PropertyFileRepository } from './property-file/property-file.repository.js';
import { PropertyFileService } from './property-file/property-file.service.js';
import { PropertyHistoryService } from './property-file/property-history.service.js';
import { ReturnsController } from './property-file/returns/returns.controller.js';
import { ReturnsRepository } from './property-file/returns/returns.repository.js';
import { ReturnsService } from './property-file/returns/returns.service.js';
import { RollApplyRepository } from './roll-import/roll-apply.repository.js';
import { RollImportService } from './roll-import/roll-import.service.js';
import { RollStagingRepository } from './roll-import/roll-staging.repository.js';

@Module({
  imports: [ImportModule, LedgerModule, SearchModule],
  controllers: [ParcelsController, PropertyFileController, BulkController, ReturnsController],
  providers: [
    ParcelsRepository,
    ParcelsService,
    CodesRepository,
    CodesService,
    DocumentRepository,
    PropertyFileRepository,
    ChangeCheck,
    PropertyFileService,
    DecisionService,
    PropertyHistoryService,
    BulkRepository,
    BulkGroups,
    BulkService,
    ReturnsRepository,
    ReturnsService,
    RollStagingRepository,
    RollApplyRepository,
    RollImportService,
  ],
  exports: [ParcelsService, RollImportService, DocumentRepository, BulkService],
})
export class ParcelsModule {}
