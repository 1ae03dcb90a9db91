import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { now } from '../clock.js';
import type { Actor, Context } from '../database/tx.js';
import type { Access } from './allow.js';
import type { Principal } from './principal.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Null on public routes and before the gate. */
    principal: Principal | null;
  }
}

/** The public: no person, no permission, no municipality. */
const nobody: Actor = { id: null, login: 'public', permissions: new Set(), wardNumbers: null };

/** Who asks, in which municipality, at which instant: the first argument of every use case. */
export function contextOf(request: FastifyRequest): Context {
  const principal = request.principal;
  if (!principal) return { actor: nobody, ulbId: 0, now: now() };
  const { userId, login, permissions, wardNumbers, ulbId } = principal;
  return { actor: { id: userId, login, permissions, wardNumbers }, ulbId, now: now() };
}

/** Hands a controller's method the `Context` of its request. */
export const Caller = createParamDecorator((_data: unknown, execution: ExecutionContext): Context =>
  contextOf(execution.switchToHttp().getRequest<FastifyRequest>()),
);
