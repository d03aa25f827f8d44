import { ApolloServer, type ApolloServerPlugin, type GraphQLRequestContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { Logger, Metrics } from '@ccluster/runtime';
import type { GraphQLSchema } from 'graphql';
import type { FormatError } from '../graphql-errors.js';
import { httpError } from './http-error.js';
import { MAX_DOCUMENT_TOKENS, MAX_VALIDATION_ERRORS } from './limits.js';
import { asGraphQLError } from './prepare-execution.js';
import { checkCost } from './query-cost.js';
import { metricsPlugin } from './operation-metrics.js';
import { spansPlugin } from './operation-spans.js';
import type { KnownDocuments } from './known-documents.js';
import type { CheckingTurns } from './rate/checking-turns.js';
import { priceOfOperation, REFUSAL_PRICE } from './rate/price.js';
import { allowanceHeaders, type RateLimits } from './rate/rate-limits.js';
import { refuseSubscriptions } from './refuse-subscriptions.js';
import { callerOf, type RequestContext } from './request-context.js';
import { wellFormedStatus } from './well-formed-status.js';

export interface ApolloOptions {
  readonly schema: GraphQLSchema;
  readonly formatError: FormatError;
  /** Shown to browsers at GET /graphql; undefined: nothing is. */
  readonly landingPage: string | undefined;
  readonly rateLimits: RateLimits;
  readonly checkingTurns: CheckingTurns;
  readonly knownDocuments: KnownDocuments;
  readonly metrics: Metrics;
  readonly drainPlugin: ApolloServerPlugin<RequestContext>;
  readonly log: Logger;
}

/** Queries and mutations over HTTP. Whoever starts it stops it, once: two stops at a time never end. */
export function createApolloServer(options: ApolloOptions): ApolloServer<RequestContext> {
  const { schema, formatError, landingPage, rateLimits, drainPlugin, metrics, log } = options;
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
      landingPage === undefined ? ApolloServerPluginLandingPageDisabled() : landingPagePlugin(landingPage),
      checkingPlugin(options),
      chargePlugin(rateLimits),
      refuseSubscriptions,
      wellFormedStatus,
      metricsPlugin(metrics),
      spansPlugin,
    ],
  });
}

function landingPagePlugin(html: string): ApolloServerPlugin<RequestContext> {
  return { serverWillStart: async () => ({ renderLandingPage: async () => ({ html }) }) };
}

/** Parsing and validating are each done at once; documents that Apollo knows go through neither. */
function checkingPlugin({
  checkingTurns,
  knownDocuments,
  rateLimits,
}: ApolloOptions): ApolloServerPlugin<RequestContext> {
  type Request = GraphQLRequestContext<RequestContext>;
  return {
    requestDidStart: async () => {
      let isExecuted = false;
      const measure = async ({ contextValue }: Request) => {
        const beginMs = performance.now();
        return async () => checkingTurns.spend(contextValue.request, performance.now() - beginMs);
      };
      const end = async ({ contextValue }: Request) => checkingTurns.end(contextValue.request);
      return {
        parsingDidStart: measure,
        validationDidStart: measure,
        didResolveOperation: async (request) => {
          await end(request);
          knownDocuments.confirm(request.contextValue.request);
        },
        executionDidStart: async () => void (isExecuted = true),
        didEncounterErrors: async (request) => {
          await end(request);
          const isLimited = request.errors.some(({ extensions }) => extensions['code'] === 'RATE_LIMITED');
          if (!isExecuted && !isLimited) rateLimits.owe(callerOf(request.contextValue.principal), REFUSAL_PRICE);
        },
      };
    },
  };
}

/** What may be run is paid for first. */
function chargePlugin(rateLimits: RateLimits): ApolloServerPlugin<RequestContext> {
  return {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operationName, request, contextValue, response }) => {
        const cost = checkCost({ schema, document, operationName, variableValues: request.variables });
        try {
          const allowance = await rateLimits.charge(callerOf(contextValue.principal), priceOfOperation(cost));
          for (const [name, value] of allowanceHeaders(allowance)) response.http.headers.set(name, value);
        } catch (error) {
          throw httpError(error);
        }
      },
    }),
  };
}
