import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, type ProblemStatus } from '../../core/problem.js';
import { Log } from '../log.js';

/**
 * Turns whatever is thrown into problem+json. A fault of ours is logged whole, and told by its request's
 * number only.
 */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const problem = problemOf(error);
    if (problem.status >= 500) {
      const route = request.routeOptions?.url ?? null;
      this.log.error({ request: request.id, route, err: error as Error }, 'request failed');
    }
    sendProblem(request, http.getResponse<FastifyReply>(), problem);
  }
}

export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  // A stream that broke half way cannot become another answer.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  const retryAfterS = problem.extra['retryAfterS'];
  if (typeof retryAfterS === 'number') void reply.header('retry-after', String(retryAfterS));
  void reply
    .status(problem.status)
    .header('content-type', 'application/problem+json; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problem.toJson(`urn:jarib:request:${request.id}`)));
}

/** What the caller is told about `error`: our own problems as they are, all else without its inner words. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const fault = error as { code?: unknown; statusCode?: unknown; message?: unknown };
  if (error instanceof HttpException) return ofHttp(error.getStatus(), error.message);
  if (
    typeof fault?.code === 'string' &&
    fault.code.startsWith('FST_') &&
    typeof fault.statusCode === 'number'
  ) {
    return ofHttp(fault.statusCode, String(fault.message));
  }
  return ofDatabase(String(fault?.code ?? ''), String(fault?.message ?? ''));
}

const known: Partial<Record<number, [kind: string, detail: string]>> = {
  404: ['route-unknown', 'There is nothing at this address. The addresses are listed in /api/openapi.json.'],
  405: ['method-not-allowed', 'This address does not take this method.'],
  413: ['too-large', 'The request is larger than this address takes.'],
  415: ['media-type-unknown', 'This address takes application/json, or multipart/form-data for files.'],
  503: ['closing', 'The server is stopping or starting. Try again in a few seconds.'],
};

/** Errors of the framework: its words about a client's fault are safe, its words about ours are not. */
function ofHttp(status: number, message: string): Problem {
  if (status >= 500 && status !== 503) return internal();
  const [kind, detail] = known[status] ?? ['request-invalid', message];
  const statuses: number[] = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429, 503];
  return new Problem((statuses.includes(status) ? status : 400) as ProblemStatus, kind, detail);
}

/** A database that is away or busy is no fault of the code; the rest is. */
function ofDatabase(code: string, message: string): Problem {
  if (code === '57014') {
    const detail = 'The answer would take too long. Ask for a smaller area or fewer rows.';
    return new Problem(503, 'too-slow', detail, [], { retryAfterS: 5 });
  }
  if (code === '55P03' || code === '40P01' || code === '40001') {
    return new Problem(503, 'busy', 'Someone else is changing the same rows. Try again.', [], {
      retryAfterS: 1,
    });
  }
  const away =
    /^(08|57P0|53)|ECONN|EPIPE|ETIMEDOUT/.test(code) ||
    /Connection terminated|Client has encountered/.test(message);
  if (away)
    return new Problem(503, 'database-away', 'The database is away. Try again.', [], { retryAfterS: 2 });
  return internal();
}

function internal(): Problem {
  return new Problem(
    500,
    'internal',
    'The fault is ours and has been logged. Report it with the instance below.',
  );
}
