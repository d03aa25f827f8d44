import { HeaderMap } from '@apollo/server';
import { DomainError } from '@ccluster/domain';
import { GraphQLError } from 'graphql';
import { RateLimited } from '../rate-limited.js';

/** What is thrown where a request is refused as a whole, so that Apollo answers it with the status that HTTP has for it. */
export function httpError(error: unknown): unknown {
  if (error instanceof RateLimited) return withStatus(error, 429);
  return error instanceof DomainError ? withStatus(error, 401) : error;
}

function withStatus(originalError: RateLimited | DomainError, status: number): GraphQLError {
  const { message, code } = originalError;
  const headers = new HeaderMap();
  if ('retryAfterSeconds' in originalError) headers.set('retry-after', String(originalError.retryAfterSeconds));
  return new GraphQLError(message, { originalError, extensions: { code, http: { status, headers } } });
}
