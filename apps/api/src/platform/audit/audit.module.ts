import { Global, Module } from '@nestjs/common';
import { AuditChain } from './audit-chain.js';
import { AuditChainer } from './audit-chainer.js';
import { Audit } from './audit.js';
import { AuditRepository } from './audit.repository.js';

@Global()
@Module({
  providers: [Audit, AuditRepository, AuditChain, AuditChainer],
  exports: [Audit, AuditChain, AuditChainer],
})
export class AuditModule {}
