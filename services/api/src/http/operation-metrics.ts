import type { ApolloServerPlugin } from '@apollo/server';
import { DomainError } from '@ccluster/domain';
import type { Metrics } from '@ccluster/runtime';
import {
  getOperationAST,
  GraphQLError,
  Kind,
  type ExecutionArgs,
  type GraphQLFormattedError,
  type OperationDefinitionNode,
} from 'graphql';
import { RateLimited } from '../rate-limited.js';
import type { RequestContext } from './request-context.js';

type Transport = 'http' | 'ws';

/** What was asked and did not come as far as being an operation. */
const NO_OPERATION = 'none';

/** Counts what the plugin below does not see: requests that are refused before there is an operation. */
export function countRefusal(metrics: Metrics, transport: Transport, error: unknown): void {
  metrics.count('ccluster_api_operations_total', { transport, operation: NO_OPERATION, code: codeOf(error) });
}

/** Each operation over HTTP that Apollo has answered. */
export function metricsPlugin(metrics: Metrics): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => {
      const beginMs = performance.now();
      return {
        willSendResponse: async ({ operation, response: { body } }) => {
          const errors = body.kind === 'single' ? body.singleResult.errors : undefined;
          const code = errors?.[0] === undefined ? 'OK' : codeOf(errors[0]);
          countOperation(metrics, 'http', { operation, code, beginMs });
        },
      };
    },
  };
}

/** Operations of sockets: begun by `onSubscribe`, answered by `onOperation`. */
export function createSocketMetrics(metrics: Metrics) {
  const begun = new WeakMap<object, number>();
  return {
    begin: (args: ExecutionArgs, beginMs: number): void => void begun.set(args, beginMs),
    /** @param result what it was answered by, or what its events come from */
    answer: (args: ExecutionArgs, result: unknown): void => {
      const errors = (result as { errors?: readonly GraphQLError[] }).errors ?? [];
      const operation = getOperationAST(args.document, args.operationName) ?? undefined;
      const code = errors[0] === undefined ? 'OK' : codeOf(errors[0]);
      countOperation(metrics, 'ws', { operation, code, beginMs: begun.get(args) ?? performance.now() });
    },
  };
}

function countOperation(
  metrics: Metrics,
  transport: Transport,
  of: { readonly operation: OperationDefinitionNode | undefined; readonly code: string; readonly beginMs: number },
): void {
  const operation = nameOf(of.operation);
  metrics.count('ccluster_api_operations_total', { transport, operation, code: of.code });
  metrics.observe('ccluster_api_operation_seconds', { operation }, (performance.now() - of.beginMs) / 1000);
}

/** Of its first field in the schema: names that callers give are no label. */
export function nameOf(operation: OperationDefinitionNode | undefined): string {
  const [first] = operation?.selectionSet.selections ?? [];
  if (first === undefined) return NO_OPERATION;
  return first.kind === Kind.FIELD ? first.name.value : 'fragment';
}

/** OK is none: what callers are told of an error, or INTERNAL. */
export function codeOf(error: unknown): string {
  if (error instanceof GraphQLError && error.originalError != null) return codeOf(error.originalError);
  if (error instanceof DomainError) return error.code;
  if (error instanceof RateLimited) return 'RATE_LIMITED';
  const { code } = (error as Partial<GraphQLFormattedError>).extensions ?? {};
  return typeof code === 'string' ? code : 'INTERNAL';
}
