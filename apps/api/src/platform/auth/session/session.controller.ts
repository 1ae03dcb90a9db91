import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../../../core/problem.js';
import { Config } from '../../config.js';
import type { Context } from '../../database/tx.js';
import { limits } from '../../limits.js';
import { Allow, Public } from '../allow.js';
import { Authenticator } from '../authenticator.js';
import { Caller } from '../caller.js';
import { sessionCookie } from '../credential.js';
import type { Principal } from '../principal.js';
import { sessionView, type SessionView, signIn, type SignIn } from './session.schema.js';
import { SessionService } from './session.service.js';

@ApiTags('session')
@Controller('api/session')
export class SessionController {
  constructor(
    private readonly service: SessionService,
    private readonly authenticator: Authenticator,
    private readonly config: Config,
  ) {}

  @Post()
  @HttpCode(200)
  @Public()
  @ApiOkResponse({ standardSchema: sessionView })
  async signIn(
    @Body({ schema: signIn }) body: SignIn,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionView> {
    // Another site's form must not sign a person in as somebody else.
    if (request.headers['sec-fetch-site'] === 'cross-site') {
      throw new Problem(403, 'other-site', 'Sign in from the page of this server itself.');
    }
    const value = await this.service.signIn(body, request.ip);
    void reply.setCookie(sessionCookie, value, {
      ...this.cookie(),
      maxAge: limits.sessionAbsoluteMs / 1_000,
    });
    const principal = await this.authenticator.authenticate({ cookie: `${sessionCookie}=${value}` });
    if (!principal) throw new Error('A session that was just made is not found.');
    return this.service.describe(principal);
  }

  @Get()
  @Allow('session:own')
  @ApiOkResponse({ standardSchema: sessionView })
  async show(@Req() request: FastifyRequest): Promise<SessionView> {
    return this.service.describe(principalOf(request));
  }

  @Delete()
  @HttpCode(204)
  @Allow('session:own')
  async signOut(
    @Caller() ctx: Context,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    await this.service.signOut(ctx, principalOf(request));
    void reply.clearCookie(sessionCookie, this.cookie());
  }

  private cookie(): { httpOnly: true; sameSite: 'lax'; path: string; secure: boolean } {
    return {
      httpOnly: true,
      sameSite: 'lax',
      path: '/',
      secure: !!this.config.publicUrl?.startsWith('https:'),
    };
  }
}

function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Error('The gate let a request without a caller pass.');
  return request.principal;
}
