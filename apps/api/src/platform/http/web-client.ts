import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** The work spaces of the client, each a page with an address of its own. */
const pages = ['map', 'roll', 'assess', 'tariffs', 'simulate', 'discover', 'equity', 'sign-in'];

/**
 * Serves the built web client to everybody; what it may show is decided at the API. A path that is no file is
 * a page of the client, so that a deep link opens. Nothing is served where nothing was built.
 */
export async function serveWebClient(app: NestFastifyApplication, directory: string): Promise<void> {
  const root = resolve(directory);
  if (!existsSync(`${root}/index.html`)) return;
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  await instance.register(async (files: FastifyInstance) => {
    files.decorate('openToAll', true);
    await files.register(fastifyStatic, {
      root,
      setHeaders(reply, path) {
        // Built files bear a digest in their name; the page that names them must be asked for anew.
        const forever = path.includes('/assets/');
        reply.header('cache-control', forever ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
      wildcard: false,
    });
    for (const page of pages.flatMap((name) => [`/${name}`, `/${name}/*`])) {
      files.get(page, (_request, reply) => reply.sendFile('index.html'));
    }
  });
}
