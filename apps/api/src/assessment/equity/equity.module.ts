import { Module } from '@nestjs/common';
import { ImportModule } from '../../map/import/import.module.js';
import { AssessmentModule } from '../assessment.module.js';
import { EquityController } from './equity.controller.js';
import { EquityRepository } from './equity.repository.js';
import { EquityService } from './equity.service.js';
import { SalesRepository } from './sales.repository.js';
import { SalesService } from './sales.service.js';

@Module({
  imports: [AssessmentModule, ImportModule],
  controllers: [EquityController],
  providers: [EquityRepository, EquityService, SalesRepository, SalesService],
  exports: [EquityService, SalesService],
})
export class EquityModule {}
