import { Global, Module } from '@nestjs/common';
import { TenantsRepository } from '../tenant/tenants.repository.js';
import { Tenants } from '../tenant/tenants.js';
import { Passwords } from './account/passwords.js';
import { UsersRepository } from './account/users.repository.js';
import { UsersService } from './account/users.service.js';
import { Authenticator } from './authenticator.js';
import { PrincipalsRepository } from './principals.repository.js';
import { SessionController } from './session/session.controller.js';
import { SessionService } from './session/session.service.js';
import { SessionsRepository } from './session/sessions.repository.js';
import { TokensController } from './token/tokens.controller.js';
import { TokensRepository } from './token/tokens.repository.js';
import { TokensService } from './token/tokens.service.js';

/** Accounts, sessions and tokens, and who a request comes from. */
@Global()
@Module({
  controllers: [SessionController, TokensController],
  providers: [
    Authenticator,
    PrincipalsRepository,
    Tenants,
    TenantsRepository,
    Passwords,
    UsersRepository,
    UsersService,
    SessionService,
    SessionsRepository,
    TokensService,
    TokensRepository,
  ],
  exports: [Authenticator, Tenants, UsersService],
})
export class AuthModule {}
