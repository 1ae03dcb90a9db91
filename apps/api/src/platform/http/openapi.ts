import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { writeFile } from 'node:fs/promises';
import { z } from 'zod';

const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', description: 'urn:jarib:problem:<kind>' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What is wrong and what to do.' },
    instance: { type: 'string', description: 'The number under which the server logged the request.' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['where', 'message'],
        properties: { where: { type: 'string' }, value: {}, message: { type: 'string' } },
      },
    },
  },
} as const;

/** OpenAPI 3.1 of everything under /api, from the schemas that also check the requests. */
export function openApiOf(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Jarib')
    .setDescription(
      'Property tax and municipal assets on one map. Errors are RFC 9457 problem+json. A session that ' +
        'changes something repeats its csrfToken in the header x-csrf-token. Maps are served at /ogc/{ulb}.',
    )
    .setVersion('1')
    .addCookieAuth('jarib_session')
    .addBearerAuth();
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
    standardSchemaConverter: (schema, { schemaType }) => {
      const options = { target: 'draft-2020-12', io: schemaType, unrepresentable: 'any' } as const;
      const { $schema: _dialect, $defs: components, ...own } = z.toJSONSchema(schema as z.ZodType, options);
      return { schema: own, components };
    },
  });
  return withProblems(document);
}

/** For the committed openapi.json, from which the web client is generated. */
export async function writeOpenApi(app: NestFastifyApplication, file: string): Promise<void> {
  await writeFile(file, `${JSON.stringify(openApiOf(app), null, 2)}\n`);
}

/** Every operation may answer with a problem, and those that are not public need a session or a token. */
function withProblems(document: OpenAPIObject): OpenAPIObject {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item) as Record<string, unknown>[]) {
      if (!operation['responses']) continue;
      operation['responses'] = {
        ...operation['responses'],
        default: { description: 'What is wrong.', content },
      };
      operation['security'] = operation['x-permission'] === 'public' ? [] : [{ cookie: [] }, { bearer: [] }];
    }
  }
  document.components = {
    ...document.components,
    schemas: { ...document.components?.schemas, Problem: problem as never },
  };
  return document;
}
