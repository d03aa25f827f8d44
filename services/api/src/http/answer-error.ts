import { DomainError, InputRefused, type DomainErrorCode } from '@ccluster/domain';
import type { Logger } from '@ccluster/runtime';
import type { FastifyError, FastifyReply } from 'fastify';
import { IssuerUnreachable } from '../access/oidc/issuer-unreachable.js';
import { RateLimited } from '../rate-limited.js';

/** Of the codes that routes beside GraphQL give. */
const STATUSES: Partial<Record<DomainErrorCode, number>> = { UNAUTHENTICATED: 401, FORBIDDEN: 403, NOT_FOUND: 404 };

/** What goes wrong outside GraphQL, in GraphQL's form: a body that is too large or no JSON, or another route's refusal. */
export function answerError(
  error: FastifyError | DomainError | InputRefused | RateLimited,
  reply: FastifyReply,
  log: Logger,
): FastifyReply {
  if (error instanceof RateLimited || error instanceof IssuerUnreachable) {
    const { message, code, retryAfterSeconds } = error;
    const status = error instanceof RateLimited ? 429 : 401;
    return answer(reply.header('retry-after', retryAfterSeconds), status, message, code, { retryAfterSeconds });
  }
  if (error instanceof DomainError) return answer(reply, STATUSES[error.code] ?? 400, error.message, error.code);
  if (error instanceof InputRefused) {
    return answer(reply, 400, error.message, 'BAD_USER_INPUT', { issues: error.issues });
  }
  const status = error.statusCode ?? 500;
  if (status < 500) return answer(reply, status, error.message, 'BAD_REQUEST');
  const errorId = crypto.randomUUID();
  log.error({ error, errorId }, 'a request failed');
  return answer(reply, 500, `Something failed on our side. It is logged as ${errorId}`, 'INTERNAL', { errorId });
}

function answer(
  reply: FastifyReply,
  status: number,
  message: string,
  code: string,
  details: Readonly<Record<string, unknown>> = {},
): FastifyReply {
  return reply.code(status).send({ errors: [{ message, extensions: { code, ...details } }] });
}
