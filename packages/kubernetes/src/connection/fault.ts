import { errors } from 'undici';
import { AddressNotAllowed } from './allowed-connector.js';

export type KubernetesFaultKind =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'UNAUTHORIZED'
  | 'FORBIDDEN'
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'CONFLICT'
  | 'INVALID'
  | 'EXPIRED'
  | 'TOO_MANY_REQUESTS'
  | 'SERVER_ERROR';

export interface KubernetesFaultFields {
  /** HTTP status, when the API server answered. */
  status?: number | undefined;
  /** Kubernetes' reason ("AlreadyExists", "ResourceVersionTooLarge"), or the network's code ("ECONNREFUSED"). */
  reason?: string | undefined;
  /** How long the API server asks to be left alone. */
  retryAfterMs?: number | undefined;
  cause?: unknown;
}

/**
 * The one error this package throws for a call that did not succeed. After UNREACHABLE, TIMEOUT and SERVER_ERROR the call
 * may or may not have taken effect. The message is fit for users: it never holds more of an answer than reason and message.
 */
export class KubernetesFault extends Error {
  override readonly name = 'KubernetesFault';
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(
    readonly kind: KubernetesFaultKind,
    message: string,
    fields: KubernetesFaultFields = {},
  ) {
    super(message, { cause: fields.cause });
    this.status = fields.status;
    this.reason = fields.reason;
    this.retryAfterMs = fields.retryAfterMs;
  }
}

/** Whatever a call or the reading of a stream threw, as a fault; a fault stays the same object. */
export function toKubernetesFault(error: unknown): KubernetesFault {
  if (error instanceof KubernetesFault) return error;
  // Without its cause: V8 quotes the text around the damage, which may be a Secret's.
  if (error instanceof SyntaxError)
    return new KubernetesFault('SERVER_ERROR', 'The API server did not answer with JSON');
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return new KubernetesFault('SERVER_ERROR', 'The answer was too large', {
      reason: 'ResponseTooLarge',
      cause: error,
    });
  }
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new KubernetesFault('TIMEOUT', 'The API server fell silent', { reason: error.code, cause: error });
  }
  if (error instanceof AddressNotAllowed)
    return new KubernetesFault('UNREACHABLE', error.message, { reason: error.code, cause: error });
  const code = codeOf(error);
  if (code === undefined) return new KubernetesFault('SERVER_ERROR', 'The call failed unexpectedly', { cause: error });
  return new KubernetesFault('UNREACHABLE', `The API server cannot be reached (${code})`, {
    reason: code,
    cause: error,
  });
}

/** All that sockets, TLS and undici throw has one; undici wraps some of it in its own error. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}
