import { Module } from '@nestjs/common';
import { DemandRepository } from './demand.repository.js';
import { LedgerRepository } from './ledger.repository.js';

@Module({ providers: [LedgerRepository, DemandRepository], exports: [LedgerRepository, DemandRepository] })
export class LedgerModule {}
