import { getOperationAST, GraphQLError, type ExecutionArgs, type GraphQLSchema } from 'graphql';
import type { ReadDocument } from './document-cache.js';
import { checkCost } from './query-cost.js';

export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

type ReadQuery = (query: string) => ReadDocument;

export interface PreparedExecution {
  readonly execution: ExecutionArgs;
  readonly cost: number;
}

/**
 * An operation that came over a socket, parsed and validated within the limits that hold for HTTP; its document is
 * `checkDocument`'s to check before.
 * @throws GraphQLError with the code that the same mistake has over HTTP
 */
export function prepareExecution(schema: GraphQLSchema, read: ReadQuery, request: OperationRequest): PreparedExecution {
  const { document, invalid } = readDocument(read, request.query);
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

function readDocument(read: ReadQuery, query: string): ReadDocument {
  try {
    return read(query);
  } catch (error) {
    throw withCode(asGraphQLError(error), 'GRAPHQL_PARSE_FAILED');
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  error.extensions['code'] = code;
  return error;
}
