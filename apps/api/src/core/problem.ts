/** One thing that is wrong: where it stands, which value it is, what is wrong with it. */
export interface ProblemDetail {
  /** A JSON pointer into the body, a parameter's or a column's name. */
  where: string;
  value?: unknown;
  message: string;
}

const titles = {
  400: 'Bad request',
  401: 'Sign in first',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  406: 'Not acceptable',
  409: 'Conflict',
  412: 'Precondition failed',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be processed',
  428: 'Precondition required',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available now',
} as const;

export type ProblemStatus = keyof typeof titles;

/**
 * An error for the person who asked, as RFC 9457 problem+json: what is wrong, where, with which value, what to do.
 * Thrown by services; the HTTP door and the command line print it. Anything else that is thrown is a fault of ours.
 */
export class Problem extends Error {
  constructor(
    readonly status: ProblemStatus,
    /** A stable word for programs, such as `layer-unknown`. */
    readonly kind: string,
    /** One or two sentences: what is wrong and what to do. */
    readonly detail: string,
    readonly errors: ProblemDetail[] = [],
    readonly extra: Record<string, unknown> = {},
  ) {
    super(detail);
    this.name = 'Problem';
  }

  toJson(instance?: string): Record<string, unknown> {
    return {
      type: `urn:jarib:problem:${this.kind}`,
      title: titles[this.status],
      status: this.status,
      detail: this.detail,
      ...(instance ? { instance } : {}),
      ...(this.errors.length ? { errors: this.errors } : {}),
      ...this.extra,
    };
  }
}
