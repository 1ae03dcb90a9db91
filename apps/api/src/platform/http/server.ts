import cookie from '@fastify/cookie';
import { type DynamicModule, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomBytes } from 'node:crypto';
import { Authenticator } from '../auth/authenticator.js';
import type { Config } from '../config.js';
import { limits } from '../limits.js';
import { Log } from '../log.js';
import { addGate, type RegisteredRoute } from './gate.js';
import { openApiOf } from './openapi.js';
import { NestLogger } from './nest-logger.js';
import { problemOf, ProblemFilter, sendProblem } from './problem.filter.js';
import { RequestCheckPipe } from './request-check.pipe.js';
import { addSecurityHeaders } from './security-headers.js';
import { Traffic } from './watch/traffic.js';

const routesOf = new WeakMap<NestFastifyApplication, RegisteredRoute[]>();

/**
 * The HTTP server of `module`, not listening yet: main.ts and the tests use the same one. Rejects where a
 * route has no access, a provider is missing or the database cannot be reached.
 */
export async function createServer(
  config: Config,
  module: Type | DynamicModule,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    trustProxy: config.trustProxy,
    bodyLimit: limits.requestBodyBytes,
    // A slow client may not hold a connection by sending a byte at a time.
    requestTimeout: limits.requestTimeoutMs,
    requestIdHeader: false,
    genReqId: requestIds(),
    routerOptions: { maxParamLength: 200 },
    multipart: {
      limits: { fileSize: limits.uploadBytes, files: 1, fields: 20, fieldSize: 65_536, parts: 21 },
    },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      sendProblem(request, reply, problemOf(error)),
  });
  const instance = adapter.getInstance() as unknown as FastifyInstance;
  const log = new Log(config);
  addSecurityHeaders(instance, config);
  const gate: { authenticator?: Authenticator } = {};
  const routes = addGate(instance, gate);
  const app = await NestFactory.create<NestFastifyApplication>(module as Type, adapter as never, {
    abortOnError: false,
    logger: new NestLogger(log),
    return503OnClosing: true,
    forceCloseConnections: true,
  });
  gate.authenticator = app.get(Authenticator, { strict: false });
  routesOf.set(app, routes);
  app.get(Traffic, { strict: false }).watch(instance);
  await app.register(cookie as never);
  let openApi: string | undefined;
  instance.get('/api/openapi.json', { config: { access: 'public' } }, (_request, reply) => {
    openApi ??= JSON.stringify(openApiOf(app));
    return reply.header('cache-control', 'public, max-age=60').type('application/json').send(openApi);
  });
  app.useGlobalPipes(new RequestCheckPipe());
  app.useGlobalFilters(new ProblemFilter(log));
  return app;
}

/** Every route of a server that was initialised, with what it asks of its caller. */
export function registeredRoutes(app: NestFastifyApplication): readonly RegisteredRoute[] {
  return routesOf.get(app) ?? [];
}

/** Numbers of requests that no other process and no client makes: a random start and a count. */
function requestIds(): () => string {
  const start = randomBytes(6).toString('hex');
  let count = 0;
  return () => `${start}-${(count += 1).toString(36)}`;
}
