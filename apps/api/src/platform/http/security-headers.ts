import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.js';

const policy = [
  "default-src 'self'",
  "img-src 'self' data: blob:",
  // The component library writes style elements; no script is ever inline.
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Sent with every answer, also with errors and files. */
export function addSecurityHeaders(instance: FastifyInstance, config: Config): void {
  const headers: Record<string, string> = {
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'geolocation=(self), camera=(self), microphone=(), payment=()',
  };
  if (config.publicUrl?.startsWith('https:')) headers['strict-transport-security'] = 'max-age=31536000';
  instance.addHook('onRequest', (request, reply, done) => {
    void reply.headers(headers).header('x-request-id', request.id);
    done();
  });
  // What a person may see is kept by no shared cache, unless a route says otherwise.
  instance.addHook('onSend', (request, reply, _payload, done) => {
    if (!reply.hasHeader('cache-control') && /^\/(api|ogc)/.test(request.url)) {
      void reply.header('cache-control', 'private, no-store');
    }
    done();
  });
}
