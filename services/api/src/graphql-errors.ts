import { DomainError, InputRefused, type InputIssue } from '@ccluster/domain';
import { GraphQLError, Kind, type GraphQLFormattedError } from 'graphql';
import { IssuerUnreachable } from './access/oidc/issuer-unreachable.js';
import { withoutValues } from './graphql/without-values.js';
import { RateLimited } from './rate-limited.js';

const OF_INPUT: ReadonlySet<string> = new Set([Kind.VARIABLE_DEFINITION, Kind.VARIABLE, Kind.LIST, Kind.OBJECT]);

export type FormatError = (error: GraphQLError) => GraphQLFormattedError;

/**
 * The one place where errors become answers, on both transports. What a caller can act on keeps its code; GraphQL's own
 * errors stay, but for the values in them, which may be secrets; anything else is INTERNAL with an id under which it is
 * reported, and nothing of its text.
 * @param report is told of what no caller can act on
 */
export function createFormatError(report: (error: unknown, errorId: string) => void): FormatError {
  return (error) => {
    const { locations, path } = error.toJSON();
    const place = { ...(locations && { locations }), ...(path && { path }) };
    return { ...answerOf(error, report), ...place };
  };
}

function answerOf(
  error: GraphQLError,
  report: (error: unknown, errorId: string) => void,
): Pick<GraphQLFormattedError, 'message' | 'extensions'> {
  const origin = originOf(error);
  if (origin instanceof InputRefused) return refusal(origin.issues);
  if (origin instanceof RateLimited || origin instanceof IssuerUnreachable) {
    const { message, retryAfterSeconds } = origin;
    return { message, extensions: { code: origin.code, retryAfterSeconds } };
  }
  if (origin instanceof DomainError) return { message: origin.message, extensions: { code: origin.code } };
  const code = ownCode(error);
  if (origin instanceof GraphQLError && code !== undefined) {
    return { message: withoutValues(error), extensions: { code } };
  }
  const errorId = crypto.randomUUID();
  report(origin, errorId);
  return {
    message: `Something failed on our side. It is logged as ${errorId}`,
    extensions: { code: 'INTERNAL', errorId },
  };
}

function refusal(issues: readonly InputIssue[]): Pick<GraphQLFormattedError, 'message' | 'extensions'> {
  const message = issues.map((issue) => issue.message).join('; ');
  return { message, extensions: { code: 'BAD_USER_INPUT', issues } };
}

/** What was thrown, below what GraphQL put around it. */
function originOf(error: GraphQLError): unknown {
  let origin: unknown = error;
  while (origin instanceof GraphQLError && origin.originalError != null) origin = origin.originalError;
  return origin;
}

/** The code of an error of GraphQL's own; undefined where it is not the caller's doing. */
function ownCode({ extensions, nodes }: GraphQLError): string | undefined {
  const { code } = extensions;
  if (typeof code === 'string' && code !== 'INTERNAL_SERVER_ERROR') return code;
  // Apollo gives variables that do not fit their types a code; graphql-js, on sockets, does not. Neither does it where a
  // variable has a default and is null all the same, alone or within a value, in a place that has no null.
  const kind = nodes?.[0]?.kind;
  return kind !== undefined && OF_INPUT.has(kind) ? 'BAD_USER_INPUT' : undefined;
}
