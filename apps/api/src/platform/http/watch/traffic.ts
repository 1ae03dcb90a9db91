import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../../limits.js';
import { Log } from '../../log.js';
import { Metrics } from './metrics.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** True while the server waits for this request before it stops. */
    awaited: boolean;
  }
}

/** Counts, measures and logs every request, and lets those that run finish before the process stops. */
@Injectable()
export class Traffic implements BeforeApplicationShutdown {
  private running = 0;

  constructor(
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /** Adds its hooks. Lines name the route's pattern: an address may hold a name that was searched for. */
  watch(instance: FastifyInstance): void {
    instance.decorateRequest('awaited', false);
    instance.addHook('onRequest', (request, _reply, done) => {
      // A stream of events never ends by itself, so nobody waits for it.
      request.awaited = !request.routeOptions.url?.endsWith('/events');
      if (request.awaited) this.running += 1;
      done();
    });
    instance.addHook('onResponse', (request, reply, done) => {
      const route = request.routeOptions.url ?? 'unknown';
      // One that was refused on its way here was never counted.
      if (request.awaited) this.running -= 1;
      this.metrics.request(request.method, route, reply.statusCode, reply.elapsedTime);
      const { method, id, principal } = request;
      const level = method === 'GET' && reply.statusCode < 400 ? 'debug' : 'info';
      const who = principal ? { ulb: principal.ulbCode, user: principal.userId } : {};
      const ms = Math.round(reply.elapsedTime * 10) / 10;
      this.log[level]({ request: id, method, route, status: reply.statusCode, ms, ...who }, 'request');
      done();
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    const endMs = performance.now() + limits.shutdownDrainMs;
    while (this.running > 0 && performance.now() < endMs) await pause(20);
  }
}
