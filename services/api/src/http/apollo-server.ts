import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import type { Logger } from '@ccluster/runtime';
import type { GraphQLSchema } from 'graphql';
import type { FormatError } from '../graphql-errors.js';
import { MAX_DOCUMENT_TOKENS, MAX_VALIDATION_ERRORS } from './limits.js';
import { asGraphQLError } from './prepare-execution.js';
import { checkCost } from './query-cost.js';
import { refuseSubscriptions } from './refuse-subscriptions.js';
import type { RequestContext } from './request-context.js';
import { wellFormedStatus } from './well-formed-status.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly formatError: FormatError;
  /** Shown to browsers at GET /graphql. */
  readonly landingPage: string;
  readonly drainPlugin: ApolloServerPlugin<RequestContext>;
  readonly log: Logger;
}

/** Queries and mutations over HTTP. Whoever starts it stops it, once: two stops at a time never end. */
export function createApolloServer(options: ApolloOptions): ApolloServer<RequestContext> {
  const { schema, formatError, landingPage, drainPlugin, log } = options;
  return new ApolloServer<RequestContext>({
    schema,
    logger: log,
    formatError: (_, error) => formatError(asGraphQLError(error)),
    parseOptions: { maxTokens: MAX_DOCUMENT_TOKENS },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // The contract is public, and GraphiQL reads it.
    introspection: true,
    // The header `Authorization`, without which nothing is answered, is one that no page of another site can set.
    csrfPrevention: { requestHeaders: ['authorization'] },
    // Documents that are not sent would go past the limits of documents.
    persistedQueries: false,
    validationOptions: { maxErrors: MAX_VALIDATION_ERRORS },
    allowBatchedHttpRequests: false,
    plugins: [
      drainPlugin,
      ApolloServerPluginCacheControlDisabled(),
      landingPagePlugin(landingPage),
      costPlugin,
      refuseSubscriptions,
      wellFormedStatus,
    ],
  });
}

function landingPagePlugin(html: string): ApolloServerPlugin<RequestContext> {
  return { serverWillStart: async () => ({ renderLandingPage: async () => ({ html }) }) };
}

const costPlugin: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, operationName, request: { variables } }) =>
      checkCost({ schema, document, operationName, variableValues: variables }),
  }),
};
