import type { IncomingMessage } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { Metrics } from '@ccluster/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import { checkDocument } from './document-limits.js';
import { httpError } from './http-error.js';
import type { KnownDocuments } from './known-documents.js';
import type { Admit } from './rate/admission.js';
import { countRefusal } from './operation-metrics.js';
import { inRequestSpan, noteOutcome } from './operation-spans.js';
import type { CheckingTime } from './rate/checking-time.js';
import type { CheckingTurns } from './rate/checking-turns.js';
import type { HoldRefusals } from './rate/hold-refusals.js';
import { BASE_PRICE, priceOfBody, priceOfDocument, REFUSAL_PRICE } from './rate/price.js';
import type { RateLimits } from './rate/rate-limits.js';
import { callerOf, type RequestContext } from './request-context.js';

/** Who is let in, and how far. */
export interface AdmissionOptions {
  readonly admit: Admit;
  readonly rateLimits: RateLimits;
  readonly checkingTime: CheckingTime;
  readonly checkingTurns: CheckingTurns;
  readonly knownDocuments: KnownDocuments;
  readonly holdRefusals: HoldRefusals;
  readonly metrics: Metrics;
  readonly addressOf: (request: IncomingMessage) => string;
}

export interface GraphqlRouteOptions extends AdmissionOptions {
  readonly path: string;
  readonly apollo: ApolloServer<RequestContext>;
}

/** Queries by GET, queries and mutations by POST. Of strangers, and of callers who ask too much, no body is read. */
export function addGraphqlRoute(http: FastifyInstance, { path, apollo, ...admission }: GraphqlRouteOptions): void {
  const admitted = new WeakMap<FastifyRequest, RequestContext>();
  const answer = fastifyApolloHandler(apollo, {
    context: async (request, reply) => {
      try {
        const context = admitted.get(request) ?? (await admitRequest(request, admission));
        reply.header('x-request-id', context.requestId);
        await admission.holdRefusals(() => checkWords(context, request, admission));
        return context;
      } catch (error) {
        countRefusal(admission.metrics, 'http', error);
        noteOutcome(error);
        throw httpError(error);
      }
    },
  });
  http.route({
    url: path,
    method: ['GET', 'POST'],
    onRequest: async (request) => {
      // Who shows no key with a GET may be a browser that wants GraphiQL; Apollo knows.
      if (request.method === 'GET' && request.headers.authorization === undefined) return;
      try {
        const price = BASE_PRICE + priceOfBody(request.headers);
        admitted.set(request, await admitRequest(request, admission, price));
      } catch (error) {
        countRefusal(admission.metrics, 'http', error);
        throw error;
      }
    },
    handler: async (request, reply) => {
      const context = admitted.get(request);
      // A stranger begins no trace.
      if (context === undefined) return answer.call(http, request, reply);
      try {
        return await inRequestSpan(request.headers['traceparent'], async () => answer.call(http, request, reply));
      } finally {
        // Apollo may refuse a request before it comes to the document.
        admission.checkingTurns.end(context.request);
      }
    },
  });
}

/** Throws UNAUTHENTICATED and RATE_LIMITED. @param price in points, of whatever is asked */
export async function admitRequest(
  { raw, headers }: FastifyRequest,
  { admit, rateLimits, checkingTime, holdRefusals, addressOf }: AdmissionOptions,
  price = BASE_PRICE,
): Promise<RequestContext> {
  return holdRefusals(async () => {
    const context = await admit(addressOf(raw), headers.authorization);
    const caller = callerOf(context.principal);
    rateLimits.chargeHere(caller, price);
    checkingTime.require(caller);
    return context;
  });
}

/**
 * Looks at a document that is not known when its turn has come; Apollo goes on with that turn. Throws QUERY_TOO_COMPLEX,
 * RATE_LIMITED.
 */
async function checkWords(
  context: RequestContext,
  { body, query }: FastifyRequest,
  { checkingTurns, knownDocuments, rateLimits }: AdmissionOptions,
): Promise<void> {
  const { request } = context;
  const caller = callerOf(context.principal);
  const document = documentOf(body) ?? documentOf(query) ?? '';
  const known = knownDocuments.wordsOf(document);
  if (known !== undefined) return void rateLimits.chargeHere(caller, priceOfDocument(known));
  await checkingTurns.take(caller, request);
  try {
    // Another one may have made it known meanwhile.
    const words = knownDocuments.wordsOf(document) ?? checkingTurns.measure(request, () => checkDocument(document));
    rateLimits.chargeHere(caller, priceOfDocument(words));
    knownDocuments.look(request, document, words);
  } catch (error) {
    checkingTurns.end(request);
    if (error instanceof GraphQLError) rateLimits.owe(caller, REFUSAL_PRICE);
    throw error;
  }
}

const withDocument = z.object({ query: z.string() });

/** Of a body or a query string; undefined where it has none. */
function documentOf(unsafeRequest: unknown): string | undefined {
  return withDocument.safeParse(unsafeRequest).data?.query;
}
