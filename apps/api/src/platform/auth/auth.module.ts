import { Global, Module } from '@nestjs/common';
import { Authenticator } from './authenticator.js';

/** Accounts, sessions and tokens, and who a request comes from. */
@Global()
@Module({ providers: [Authenticator], exports: [Authenticator] })
export class AuthModule {}
