import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { MAX_DOCUMENT_TOKENS, MAX_VALIDATION_ERRORS } from './limits.js';
import { checkCost } from './query-cost.js';

export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

export interface PreparedExecution {
  readonly execution: ExecutionArgs;
  readonly cost: number;
}

/**
 * An operation that came over a socket, parsed and validated within the limits that hold for HTTP; its document is
 * `checkDocument`'s to check before.
 * @throws GraphQLError with the code that the same mistake has over HTTP
 */
export function prepareExecution(schema: GraphQLSchema, request: OperationRequest): PreparedExecution {
  const document = parseDocument(request.query);
  const [invalid] = validate(schema, document, undefined, { maxErrors: MAX_VALIDATION_ERRORS });
  if (invalid !== undefined) throw withCode(invalid, 'GRAPHQL_VALIDATION_FAILED');
  const { operationName, variables: variableValues } = request;
  if (getOperationAST(document, operationName) == null) {
    const unclear = new GraphQLError('It is not clear which operation of the document is meant');
    throw withCode(unclear, 'OPERATION_RESOLUTION_FAILURE');
  }
  const execution = { schema, document, operationName, variableValues };
  return { execution, cost: checkCost(execution) };
}

/** Whatever was thrown. */
export function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  const originalError = error instanceof Error ? error : new Error('What was thrown is no error', { cause: error });
  return new GraphQLError(originalError.message, { originalError });
}

function parseDocument(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: MAX_DOCUMENT_TOKENS });
  } catch (error) {
    throw withCode(asGraphQLError(error), 'GRAPHQL_PARSE_FAILED');
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] = code;
  return error;
}
