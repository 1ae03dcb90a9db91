import type { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, RouteHandlerMethod } from 'fastify';
import type { Access } from '../auth/allow.js';

export interface RawRoute {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** In Fastify's notation, whole: `/ogc/:ulb/...`. */
  url: string;
  access: Access;
  handler: RouteHandlerMethod;
}

/**
 * A route without Nest's layers, for what is asked thousands of times a second. Call it in `onModuleInit`;
 * the gate, the problem answers and the headers are those of every other route, and the caller is
 * `contextOf(request)`.
 */
export function registerRoute(host: HttpAdapterHost, route: RawRoute): void {
  // The worker has the same modules and no server.
  if (host.httpAdapter?.getType() !== 'fastify') return;
  const { access, ...options } = route;
  host.httpAdapter.getInstance<FastifyInstance>().route({ ...options, config: { access } });
}
