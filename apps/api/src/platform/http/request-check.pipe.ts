import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem, type ProblemDetail } from '../../core/problem.js';

type Issue = Parameters<NonNullable<StandardSchemaValidationPipe['exceptionFactory']>>[0][number];

/** Never repeated in an answer, which may end in a log or on a screen. */
const secret = /password|totp|token|secret/i;
const maxErrors = 100;

/**
 * Checks what a request brings against the schema of its parameter, and says of each fault where it stands.
 */
@Injectable()
export class RequestCheckPipe extends StandardSchemaValidationPipe {
  override async transform<T = unknown>(value: T, metadata: ArgumentMetadata): Promise<T> {
    if (!metadata.schema || !this.toValidate(metadata)) return value;
    this.stripProtoKeys(value);
    const result = await this.validate<T>(value, metadata.schema, this.validateOptions);
    if (!result.issues) return result.value;
    const errors = result.issues.slice(0, maxErrors).map((issue) => detailOf(issue, value, metadata));
    const part = metadata.type === 'body' ? 'body' : metadata.type === 'query' ? 'query' : 'address';
    throw new Problem(
      400,
      'request-invalid',
      `The request's ${part} is not as it must be; see errors.`,
      errors,
    );
  }
}

function detailOf(issue: Issue, value: unknown, { type, data }: ArgumentMetadata): ProblemDetail {
  const path = (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step));
  if (data) path.unshift(data);
  const found = path
    .slice(data ? 1 : 0)
    .reduce<unknown>(
      (at, step) =>
        at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[step] : undefined,
      value,
    );
  const where = type === 'body' ? `/${path.join('/')}` : path.join('.');
  return { where, ...(secret.test(where) ? {} : shown(found)), message: issue.message };
}

/** A value as far as it helps to find it; objects are found by their pointer alone. */
function shown(value: unknown): { value?: unknown } {
  if (value === undefined || typeof value === 'object') return {};
  return { value: typeof value === 'string' && value.length > 200 ? `${value.slice(0, 200)}…` : value };
}
