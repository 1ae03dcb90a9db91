import { Module } from '@nestjs/common';
import { AssessmentModule } from '../assessment.module.js';
import { TariffFilesRepository } from '../tariff-files/tariff-files.repository.js';
import { TariffProposalsRepository } from '../tariff-proposals/tariff-proposals.repository.js';
import { CompareRepository } from './compare/compare.repository.js';
import { ChangeMapController } from './map/change-map.controller.js';
import { ChangeMapRepository } from './map/change-map.repository.js';
import { ChangeMapService } from './map/change-map.service.js';
import { Reckoner } from './reckoner.js';
import { SimulationRollRepository } from './roll/roll.repository.js';
import { SimulationSideRepository } from './roll/side.repository.js';
import { SimulateController } from './simulate.controller.js';
import { SimulationsRepository } from './simulate.repository.js';
import { SimulateService } from './simulate.service.js';
import { SideTariffs } from './values/side-tariffs.js';
import { WaitingLine } from './waiting-line.js';

@Module({
  imports: [AssessmentModule],
  controllers: [SimulateController, ChangeMapController],
  providers: [
    ChangeMapRepository,
    ChangeMapService,
    CompareRepository,
    Reckoner,
    SideTariffs,
    SimulateService,
    SimulationRollRepository,
    SimulationSideRepository,
    SimulationsRepository,
    TariffFilesRepository,
    TariffProposalsRepository,
    WaitingLine,
  ],
  exports: [SimulateService],
})
export class SimulateModule {}
