import { Module } from '@nestjs/common';
import { AssessmentModule } from '../assessment/assessment.module.js';
import { EstimateRepository } from './estimate/estimate.repository.js';
import { SampleRepository } from './estimate/sample.repository.js';
import { ClassesRepository } from './examine/classes.repository.js';
import { ExamineService } from './examine/examine.service.js';
import { FiguresRepository } from './examine/figures.repository.js';
import { FoundRepository } from './examine/found.repository.js';
import { FindingController } from './finding/finding.controller.js';
import { FindingRepository } from './finding/finding.repository.js';
import { FindingService } from './finding/finding.service.js';
import { RecordRepository } from './finding/record.repository.js';
import { MatchRepository } from './match/match.repository.js';
import { DiscoveryController } from './run/run.controller.js';
import { DiscoveryRunRepository } from './run/run.repository.js';
import { DiscoveryService } from './run/run.service.js';
import { DiscoveryWorkService } from './run/work.service.js';
import { TaskController } from './task/task.controller.js';
import { TaskRepository } from './task/task.repository.js';
import { TaskService } from './task/task.service.js';

@Module({
  imports: [AssessmentModule],
  controllers: [DiscoveryController, FindingController, TaskController],
  providers: [
    ClassesRepository,
    DiscoveryRunRepository,
    DiscoveryService,
    DiscoveryWorkService,
    EstimateRepository,
    ExamineService,
    FiguresRepository,
    FindingRepository,
    FindingService,
    FoundRepository,
    MatchRepository,
    RecordRepository,
    SampleRepository,
    TaskRepository,
    TaskService,
  ],
  exports: [DiscoveryService, DiscoveryWorkService, FindingService, TaskService],
})
export class DiscoveryModule {}
