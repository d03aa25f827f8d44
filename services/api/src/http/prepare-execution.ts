import {
  getOperationAST,
  GraphQLError,
  parse,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type GraphQLSchema,
} from 'graphql';
import { MAX_DOCUMENT_TOKENS } from './limits.js';

export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/**
 * An operation that came over a socket, parsed and validated within the limits that hold for HTTP.
 * @throws GraphQLError with the code that Apollo gives the same mistake
 */
export function prepareExecution(schema: GraphQLSchema, request: OperationRequest): ExecutionArgs {
  const document = parseDocument(request.query);
  const [invalid] = validate(schema, document, undefined, { maxErrors: 1 });
  if (invalid !== undefined) throw withCode(invalid, 'GRAPHQL_VALIDATION_FAILED');
  const { operationName, variables: variableValues } = request;
  if (getOperationAST(document, operationName) == null) {
    throw ownError('OPERATION_RESOLUTION_FAILURE', 'It is not clear which operation of the document is meant');
  }
  return { schema, document, operationName, variableValues };
}

/** An error of the protocol's, as GraphQL's own are. */
export function ownError(code: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code } });
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
