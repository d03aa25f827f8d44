import type { GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';

export interface Answer {
  readonly status: number;
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

export interface TestCaller {
  readonly key: string;
  readonly organizationId: string;
  /** The data; throws where there are errors. */
  get<Data>(document: string, variables?: Record<string, unknown>): Promise<Data>;
  /** Data and errors, as they came. */
  ask(document: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** What comes over a socket of its own, until the server completes; leaving the loop closes it. */
  listen(document: string, variables?: Record<string, unknown>): AsyncGenerator<Omit<Answer, 'status'>>;
}

const ANSWER_TIMEOUT_MS = 20_000;

export function connectTestCaller(
  address: string,
  { key, organizationId }: { readonly key: string; readonly organizationId: string },
): TestCaller {
  const authorization = `Bearer ${key}`;
  const ask: TestCaller['ask'] = async (query, variables = {}) => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
  };
  return {
    key,
    organizationId,
    ask,
    get: async <Data>(query: string, variables?: Record<string, unknown>) => {
      const { data, errors } = await ask(query, variables);
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data as Data;
    },
    listen: async function* (query, variables = {}) {
      const url = `${address.replace('http', 'ws')}/graphql`;
      const client = createClient({ url, connectionParams: { authorization }, retryAttempts: 0 });
      try {
        yield* client.iterate({ query, variables }) as AsyncIterableIterator<Omit<Answer, 'status'>>;
      } finally {
        await client.dispose();
      }
    },
  };
}
