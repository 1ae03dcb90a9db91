import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import { Problem } from '../../core/problem.js';
import type { Access } from '../auth/allow.js';
import type { Authenticator } from '../auth/authenticator.js';
import '../auth/caller.js';
import type { Principal } from '../auth/principal.js';

const changes = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Everything that is served lives under one of these, so that a proxy can be told about them. */
const places = /^\/(api|ogc|health|metrics)(\/|$)/;

/** One registered route, for the test that walks them all. */
export interface RegisteredRoute {
  method: string;
  url: string;
  access: Access;
}

/**
 * The one place where access is decided, for controllers and raw Fastify routes alike, before a body is read.
 * A route that says nothing about its access stops the start; a context that serves files to all says so by
 * decorating `openToAll`.
 */
export function addGate(
  instance: FastifyInstance,
  gate: { authenticator?: Authenticator },
): RegisteredRoute[] {
  const routes: RegisteredRoute[] = [];
  instance.decorateRequest('principal', null);
  instance.addHook('onRoute', function (route) {
    const access = route.config?.access ?? (this.hasDecorator('openToAll') ? 'public' : undefined);
    if (!access) {
      throw new Error(`${String(route.method)} ${route.url} says neither @Allow(permission) nor @Public().`);
    }
    if (!places.test(route.url) && !this.hasDecorator('openToAll')) {
      throw new Error(`${route.url} is outside /api and /ogc: a controller writes its whole path.`);
    }
    route.config = { ...route.config, access };
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, access });
  });
  instance.addHook('onRequest', (request, reply, done) => {
    const access = request.routeOptions.config.access;
    if (request.is404 || access === 'public') return done();
    const found = gate.authenticator?.authenticate(request.headers) ?? null;
    if (!(found instanceof Promise)) return decide(request, reply, access, found, done);
    found.then((principal) => decide(request, reply, access, principal, done), done);
  });
  return routes;
}

function decide(
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access | undefined,
  principal: Principal | null,
  done: (error?: Error) => void,
): void {
  request.principal = principal;
  const refusal = principal ? refuse(request, access, principal) : askToSignIn(request, reply);
  if (refusal) done(refusal);
  else done();
}

/** Why `principal` may not do this; null where he may. */
function refuse(request: FastifyRequest, access: Access | undefined, principal: Principal): Problem | null {
  const ulb = (request.params as { ulb?: string } | null)?.ulb;
  // The same answer whether or not the other municipality exists.
  if (request.routeOptions.url?.startsWith('/ogc/:ulb') && ulb !== principal.ulbCode) {
    return new Problem(
      403,
      'other-ulb',
      `Your account is of ${principal.ulbCode}. Use /ogc/${principal.ulbCode}.`,
    );
  }
  if (!access || !principal.permissions.has(access)) {
    const detail = `This needs the permission ${access}, which your role or token does not have.`;
    return new Problem(403, 'permission-missing', detail, [], { permission: access });
  }
  if (principal.csrfToken && changes.has(request.method) && !sameText(csrfOf(request), principal.csrfToken)) {
    const detail = 'Send the csrfToken of GET /api/session in the header x-csrf-token.';
    return new Problem(403, 'csrf-token-missing', detail);
  }
  return null;
}

/**
 * QGIS and GDAL are asked for a password; a browser's script is not, or the browser would show a box of its
 * own.
 */
function askToSignIn(request: FastifyRequest, reply: FastifyReply): Problem {
  const mode = request.headers['sec-fetch-mode'];
  if (request.url.startsWith('/ogc') && (!mode || mode === 'navigate')) {
    void reply.header(
      'www-authenticate',
      'Basic realm="Jarib: login, and an API token as password", charset="UTF-8"',
    );
  }
  return new Problem(401, 'sign-in', 'Sign in, or send an API token that is still in force.');
}

function csrfOf(request: FastifyRequest): string {
  return String(request.headers['x-csrf-token'] ?? '');
}

function sameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
