import type { GraphQLFormattedError } from 'graphql';

export interface InputIssue {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** The server understood and said no; sending it again would be refused again, unless it says when to come again. */
export class RequestRefused extends Error {
  /** Such as `BAD_USER_INPUT`, `NOT_FOUND`, `JOB_FINISHED`. */
  readonly code: string;
  /** Each problem of the input, for `BAD_USER_INPUT`. */
  readonly issues: readonly InputIssue[];
  /** Of what passes: when to ask again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(errors: readonly GraphQLFormattedError[]) {
    super(errors.map((error) => error.message).join('; '));
    this.name = 'RequestRefused';
    const extensions = errors[0]?.extensions ?? {};
    this.code = typeof extensions['code'] === 'string' ? extensions['code'] : 'UNKNOWN';
    const { retryAfterSeconds } = extensions;
    this.retryAfterSeconds = typeof retryAfterSeconds === 'number' ? retryAfterSeconds : undefined;
    this.issues = Array.isArray(extensions['issues']) ? (extensions['issues'] as InputIssue[]) : [];
  }
}

/** No answer came: the request may or may not have been carried out. Safe to repeat with a `requestId`. */
export class RequestUnanswered extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'RequestUnanswered';
  }
}
