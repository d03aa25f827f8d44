import type { ApolloServerPlugin } from '@apollo/server';
import { failSpan, inSpan, keepTrace, noteInSpan, renameSpan, withCallersTrace } from '@ccluster/runtime';
import { getOperationAST, type ExecutionArgs, type OperationDefinitionNode } from 'graphql';
import { codeOf, nameOf } from './operation-metrics.js';
import type { RequestContext } from './request-context.js';

/** Until it is known which operation a request is for. */
const UNNAMED = 'graphql';

/** Runs an HTTP request in a span, part of the caller's trace where it names one. */
export function inRequestSpan<T>(unsafeTraceparent: unknown, work: () => Promise<T>): Promise<T> {
  const attributes = { 'ccluster.transport': 'http' };
  return withCallersTrace(unsafeTraceparent, () => inSpan(UNNAMED, { kind: 'SERVER', attributes }, work));
}

/** Names the span of a request once it is answered. */
export const spansPlugin: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ operation, contextValue, response: { body } }) => {
      if (operation !== undefined) renameSpan(spanName(operation));
      noteCaller(contextValue);
      noteOutcome(body.kind === 'single' ? body.singleResult.errors?.[0] : undefined);
    },
  }),
};

/** Notes the code of an error, and that it is ours where no caller could have helped it. */
export function noteOutcome(error: unknown): void {
  if (error === undefined) return;
  const code = codeOf(error);
  if (code === 'INTERNAL') failSpan(code);
  else noteInSpan({ 'error.type': code });
}

interface SocketRequest {
  readonly extensions?: Record<string, unknown> | null | undefined;
}

/** Spans of the operations of sockets: of a subscription up to its first event, since it may last for days. */
export function createSocketSpans() {
  const requests = new WeakMap<ExecutionArgs, SocketRequest>();
  const traces = new WeakMap<SocketRequest, ReturnType<typeof keepTrace>>();
  return {
    begin: (args: ExecutionArgs, request: SocketRequest): void => void requests.set(args, request),
    run: <T>(args: ExecutionArgs, execute: (args: ExecutionArgs) => T | Promise<T>): Promise<T> => {
      const request = requests.get(args) ?? {};
      const operation = getOperationAST(args.document, args.operationName);
      const name = operation == null ? UNNAMED : spanName(operation);
      const attributes = { 'ccluster.transport': 'ws' };
      return withCallersTrace(request.extensions?.['traceparent'], () =>
        inSpan(name, { kind: 'SERVER', attributes }, async () => {
          traces.set(request, keepTrace());
          noteCaller(args.contextValue as RequestContext);
          const result = await execute(args);
          noteOutcome((result as { readonly errors?: readonly unknown[] }).errors?.[0]);
          return result;
        }),
      );
    },
    /** Runs what follows from an operation, so that its log lines name the trace. */
    goOn: <T>(request: SocketRequest, work: () => T): T => traces.get(request)?.(work) ?? work(),
  };
}

/** `mutation createJob`: nothing that callers name. */
function spanName(operation: OperationDefinitionNode): string {
  return `${operation.operation} ${nameOf(operation)}`;
}

function noteCaller({ principal, requestId }: RequestContext): void {
  noteInSpan({
    'ccluster.organization.id': principal.organizationId,
    'ccluster.caller.kind': principal.kind,
    'ccluster.request.id': requestId,
  });
}
