import { createClient } from 'graphql-ws';
import { z } from 'zod';

const REQUEST_TIMEOUT_MS = 30_000;

const responseSchema = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ message: z.string() })).optional(),
});

export interface GraphqlAddress {
  graphqlUrl: string;
  subscriptionsUrl: string;
  apiKey: string;
}

export interface GraphqlClient {
  /** Sends a query or mutation and parses its data; throws with the errors' messages. */
  request: <T>(document: string, variables: object, data: z.ZodType<T>) => Promise<T>;
  /** The parsed data of each result, until the server completes. A dropped socket is not resumed. */
  subscribe: <T>(document: string, variables: Record<string, unknown>, data: z.ZodType<T>) => AsyncIterable<T>;
  close: () => Promise<void>;
}

export function createGraphqlClient(
  { graphqlUrl, subscriptionsUrl, apiKey }: GraphqlAddress,
  signal: AbortSignal,
): GraphqlClient {
  const authorization = `Bearer ${apiKey}`;
  const socket = createClient({ url: subscriptionsUrl, connectionParams: { authorization }, retryAttempts: 0 });
  return {
    async request(document, variables, data) {
      const response = await fetch(graphqlUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ query: document, variables }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]),
      });
      return parseResult(await response.json(), data);
    },
    async *subscribe(query, variables, data) {
      for await (const result of socket.iterate({ query, variables })) yield parseResult(result, data);
    },
    close: async () => socket.dispose(),
  };
}

function parseResult<T>(unsafeResult: unknown, data: z.ZodType<T>): T {
  const result = responseSchema.parse(unsafeResult);
  if (result.errors !== undefined) throw new Error(result.errors.map(({ message }) => message).join('; '));
  return data.parse(result.data);
}
