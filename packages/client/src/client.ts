import type { GraphQLFormattedError } from 'graphql';
import { createClient as createSocketClient, type Client as SocketClient } from 'graphql-ws';
import WebSocket from 'ws';
import { RequestRefused, RequestUnanswered } from './errors.js';
import type { TypedDocumentString } from './generated.js';

export interface ClientOptions {
  /** Such as `http://127.0.0.1:4000/graphql`. */
  readonly url: string;
  /** `cck_…`, or a JWT. */
  readonly apiKey: string;
  /** Default 30 s. */
  readonly requestTimeoutMs?: number;
}

/** Sends any document; `CclusterClient` has the usual ones by name. */
export interface Transport {
  /** Throws RequestRefused where the server says no, RequestUnanswered where no answer came (it may have happened). */
  request<R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<R>;
  /** One subscription on one socket: ends as the server completes it, throws as the connection drops. */
  subscribe<R, V extends Record<string, unknown>>(
    document: TypedDocumentString<R, V>,
    variables: V,
  ): AsyncIterableIterator<R>;
  close(): Promise<void>;
}

export function openTransport(options: ClientOptions): Transport {
  const authorization = `Bearer ${options.apiKey}`;
  const socket = createSocketClient({
    url: options.url.replace(/^http/, 'ws'),
    connectionParams: { authorization },
    webSocketImpl: WebSocket,
    // Resuming is ours: a silent reconnect would start a subscription again from its old cursor.
    retryAttempts: 0,
  });
  return {
    request: (document, variables) => request(options, authorization, document, variables),
    subscribe: (document, variables) => subscribe(socket, document, variables),
    close: async () => socket.dispose(),
  };
}

const CLOSE_UNAUTHORIZED = 4401;
const CLOSE_FORBIDDEN = 4403;

interface Answer<R> {
  readonly data?: R | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

async function request<R, V>(
  { url, requestTimeoutMs = 30_000 }: ClientOptions,
  authorization: string,
  document: TypedDocumentString<R, V>,
  variables: V,
): Promise<R> {
  const answer = await send<R>(url, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: document.toString(), variables }),
    signal: AbortSignal.timeout(requestTimeoutMs),
  });
  if (answer.errors !== undefined && answer.errors.length > 0) throw new RequestRefused(answer.errors);
  if (answer.data === undefined || answer.data === null)
    throw new RequestUnanswered('The answer holds no data', undefined);
  return answer.data;
}

async function send<R>(url: string, init: RequestInit): Promise<Answer<R>> {
  try {
    const response = await fetch(url, init);
    return (await response.json()) as Answer<R>;
  } catch (error) {
    throw new RequestUnanswered(`No answer from ${url}`, error);
  }
}

async function* subscribe<R, V extends Record<string, unknown>>(
  socket: SocketClient,
  document: TypedDocumentString<R, V>,
  variables: V,
): AsyncIterableIterator<R> {
  try {
    for await (const { data, errors } of socket.iterate<R>({ query: document.toString(), variables })) {
      if (errors !== undefined && errors.length > 0) throw new RequestRefused(errors);
      if (data !== undefined && data !== null) yield data;
    }
  } catch (error) {
    throw refusesCaller(error) ? notAuthenticated() : error;
  }
}

/** Whether the server closed the socket since the key or token opens nothing, or no longer. */
function refusesCaller(error: unknown): boolean {
  return isCloseEvent(error) && (error.code === CLOSE_UNAUTHORIZED || error.code === CLOSE_FORBIDDEN);
}

function isCloseEvent(error: unknown): error is { readonly code: unknown } {
  return typeof error === 'object' && error !== null && 'code' in error && 'reason' in error;
}

function notAuthenticated(): RequestRefused {
  const message = 'The key or token is unknown, revoked or expired';
  return new RequestRefused([{ message, extensions: { code: 'UNAUTHENTICATED' } }]);
}
