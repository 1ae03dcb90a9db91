import { Module } from '@nestjs/common';
import { AssessmentModule } from '../assessment.module.js';
import { ProposalCheckService } from './proposal-check.service.js';
import { ProposalExampleService } from './proposal-example.service.js';
import { TariffProposalsController } from './tariff-proposals.controller.js';
import { TariffProposalsRepository } from './tariff-proposals.repository.js';
import { TariffProposalsService } from './tariff-proposals.service.js';

@Module({
  imports: [AssessmentModule],
  controllers: [TariffProposalsController],
  providers: [
    ProposalCheckService,
    ProposalExampleService,
    TariffProposalsRepository,
    TariffProposalsService,
  ],
})
export class TariffProposalsModule {}
