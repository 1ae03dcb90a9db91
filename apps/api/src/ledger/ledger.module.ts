import { Module } from '@nestjs/common';
import { DemandRepository } from './demand.repository.js';
import { RebateRepository } from './rebate.repository.js';
import { LedgerRepository } from './ledger.repository.js';

const repositories = [LedgerRepository, DemandRepository, RebateRepository];

@Module({ providers: repositories, exports: repositories })
export class LedgerModule {}
