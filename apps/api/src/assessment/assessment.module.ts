import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { ParcelsModule } from '../parcels/parcels.module.js';
import { AssessmentController } from './assessment.controller.js';
import { AssessmentRepository } from './assessment.repository.js';
import { AssessmentService } from './assessment.service.js';
import { ChunkRepository } from './chunk.repository.js';
import { ExplanationController } from './explanation/explanation.controller.js';
import { ExplanationRepository } from './explanation/explanation.repository.js';
import { ExplanationService } from './explanation/explanation.service.js';
import { HistoryController } from './history/history.controller.js';
import { HistoryRepository } from './history/history.repository.js';
import { HistoryService } from './history/history.service.js';
import { PublicationController } from './publication/publication.controller.js';
import { PublicationRepository } from './publication/publication.repository.js';
import { PublicationService } from './publication/publication.service.js';
import { LapseClock } from './rebate/lapse-clock.js';
import { LapseService } from './rebate/lapse.service.js';
import { RebatesRepository } from './rebate/rebate.repository.js';
import { RebateService } from './rebate/rebate.service.js';
import { RevisionController } from './revision/revision.controller.js';
import { RevisionRepository } from './revision/revision.repository.js';
import { RevisionService } from './revision/revision.service.js';
import { RunService } from './run.service.js';
import { TariffCheckService } from './tariff-files/tariff-check.service.js';
import { TariffFilesController } from './tariff-files/tariff-files.controller.js';
import { TariffFilesRepository } from './tariff-files/tariff-files.repository.js';
import { TariffFilesService } from './tariff-files/tariff-files.service.js';
import { TaxMapController } from './tax-map/tax-map.controller.js';
import { TaxMapRepository } from './tax-map/tax-map.repository.js';

@Module({
  imports: [LedgerModule, ParcelsModule],
  controllers: [
    AssessmentController,
    ExplanationController,
    HistoryController,
    PublicationController,
    RevisionController,
    TariffFilesController,
    TaxMapController,
  ],
  providers: [
    AssessmentRepository,
    AssessmentService,
    ChunkRepository,
    ExplanationRepository,
    ExplanationService,
    HistoryRepository,
    HistoryService,
    PublicationRepository,
    PublicationService,
    RebatesRepository,
    RebateService,
    LapseService,
    LapseClock,
    RevisionRepository,
    RevisionService,
    RunService,
    TariffFilesRepository,
    TariffCheckService,
    TariffFilesService,
    TaxMapRepository,
  ],
  exports: [
    AssessmentService,
    ExplanationService,
    HistoryService,
    PublicationService,
    RunService,
    TariffFilesService,
  ],
})
export class AssessmentModule {}
