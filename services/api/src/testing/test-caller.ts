import { sleep } from '@ccluster/runtime';
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
  /** The first that comes over a socket of its own; what has neither data nor errors where nothing comes for so long. */
  first(document: string, variables: Record<string, unknown>, silenceMs: number): Promise<Omit<Answer, 'status'>>;
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
  const connect = () =>
    createClient({
      url: `${address.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization },
      retryAttempts: 0,
    });
  return {
    key,
    organizationId,
    ask,
    get: async <Data>(query: string, variables?: Record<string, unknown>) => {
      const { data, errors } = await ask(query, variables);
      if (errors !== undefined) throw new Error(JSON.stringify(errors));
      return data as Data;
    },
    first: async (query, variables, silenceMs) => {
      const client = connect();
      const answered = client
        .iterate({ query, variables })
        .next()
        .then(
          ({ value }) => (value ?? {}) as Omit<Answer, 'status'>,
          (errors: readonly GraphQLFormattedError[]) => ({ errors }),
        );
      const answer = await Promise.race([answered, sleep(silenceMs).then(() => ({}))]);
      await client.dispose();
      return answer;
    },
    listen: async function* (query, variables = {}) {
      const client = connect();
      try {
        yield* client.iterate({ query, variables }) as AsyncIterableIterator<Omit<Answer, 'status'>>;
      } finally {
        await client.dispose();
      }
    },
  };
}
