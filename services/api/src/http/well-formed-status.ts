import type { ApolloServerPlugin } from '@apollo/server';
import { OperationTypeNode } from 'graphql';
import Negotiator from 'negotiator';
import type { RequestContext } from './request-context.js';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';
/** What GraphQL itself says of a document or its variables. */
const GRAPHQL_CODES: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'OPERATION_RESOLUTION_FAILURE',
]);

/**
 * In `application/json` a status is about HTTP alone: clients of that type take anything but 2xx for an answer that is
 * not GraphQL's. GraphQL over HTTP wants 200 there for whatever GraphQL said, and 4xx in its own media type.
 */
export const wellFormedStatus: ApolloServerPlugin<RequestContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ request, response, operation }) => {
      if (response.http.status !== 400 || response.body.kind !== 'single') return;
      // Refused for its transport, not by GraphQL.
      if (operation?.operation === OperationTypeNode.SUBSCRIPTION) return;
      if (!answersJson(request.http?.headers.get('accept'))) return;
      const { errors = [] } = response.body.singleResult;
      if (errors.every(({ extensions }) => GRAPHQL_CODES.has(extensions?.['code']))) response.http.status = 200;
    },
  }),
};

/** As Apollo chooses: the same library, the same order. */
function answersJson(accept: string | undefined): boolean {
  if (!accept) return true;
  return new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, GRAPHQL_TYPE]) === JSON_TYPE;
}
