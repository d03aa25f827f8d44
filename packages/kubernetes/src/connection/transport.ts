import { Agent, type buildConnector, type Dispatcher, request } from 'undici';
import type { ClusterCredentials } from '../access/cluster-credentials.js';
import { allowedConnector, type ConnectorLimits } from './allowed-connector.js';
import { orAborted, withDeadline } from './deadline.js';
import { KubernetesFault, toKubernetesFault } from './fault.js';
import { isTooDeep } from './json-depth.js';
import { faultOfAnswer } from './status.js';

const CALL_CONNECTIONS = 32;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 10_000;
const STREAM_HEADERS_TIMEOUT_MS = 15_000;
/** A peer that died without a word is noticed after about this long, also under a stream that is silent by nature. */
const TCP_KEEPALIVE_MS = 30_000;
const MAX_STREAM_REFUSAL_BYTES = 64 * 1024;

interface Call {
  url: string;
  method: Dispatcher.HttpMethod;
  headers?: Record<string, string>;
  body?: string | undefined;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** An answer's body as it arrives. */
export type ByteStream = AsyncIterable<Buffer>;

/**
 * HTTP to one API server over pooled connections. Follows no redirect and repeats no call: who calls knows whether that
 * is safe. Throws `KubernetesFault`, or the caller's own abort reason.
 */
export interface Transport {
  /** A whole answer of status 2xx, at most 64 MiB. */
  call(call: Call): Promise<Answer>;
  /** An answer of status 2xx without end; it fails when no byte comes for `idleTimeoutMs`. Its errors are for `toKubernetesFault`. */
  openStream(url: string, idleTimeoutMs: number, signal: AbortSignal): Promise<ByteStream>;
  /** Ends every call and stream. */
  close(): Promise<void>;
}

export function openTransport(credentials: ClusterCredentials, limits: ConnectorLimits): Transport {
  const connect = connectorFor(credentials, limits);
  const calls = openAgent({ connect, connections: CALL_CONNECTIONS, maxResponseSize: MAX_ANSWER_BYTES });
  // Watches and logs hold their connection for minutes: in one pool they would leave calls none.
  const streams = openAgent({ connect, headersTimeout: STREAM_HEADERS_TIMEOUT_MS });
  const ownHeaders = headersOf(credentials);
  return {
    call: (call) =>
      failingAsFault(call.signal, () =>
        withDeadline(call.timeoutMs, call.signal, async (signal) => {
          const { url, method, body } = call;
          const response = await request(url, {
            dispatcher: calls,
            method,
            headers: { ...call.headers, ...ownHeaders },
            body: body ?? null,
            signal,
          });
          const text = await response.body.text();
          if (isTooDeep(text)) throw tooDeep();
          if (!isSuccess(response.statusCode)) throw faultOfAnswer(refusalOf(url, response, text));
          return { status: response.statusCode, headers: singleValued(response.headers), text };
        }),
      ),
    openStream: (url, idleTimeoutMs, signal) =>
      failingAsFault(signal, async () => {
        const opening = request(url, {
          dispatcher: streams,
          method: 'GET',
          headers: ownHeaders,
          bodyTimeout: idleTimeoutMs,
          signal,
        });
        const response = await orAborted(signal, opening);
        if (!isSuccess(response.statusCode))
          throw faultOfAnswer(refusalOf(url, response, await textStart(response.body)));
        return response.body;
      }),
    close: async () => {
      await Promise.all([calls.destroy(), streams.destroy()]);
    },
  };
}

function openAgent(options: Agent.Options): Agent {
  return new Agent({ headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000, ...options });
}

function connectorFor(credentials: ClusterCredentials, limits: ConnectorLimits): buildConnector.connector {
  const { caCertificate, clientCertificate, clientKey, tlsServerName } = credentials;
  return allowedConnector(limits, {
    // HTTP/2 would put all watches and logs of a cluster behind one connection's flow control.
    allowH2: false,
    timeout: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelay: TCP_KEEPALIVE_MS,
    ...(caCertificate === undefined ? {} : { ca: caCertificate }),
    ...(clientCertificate === undefined ? {} : { cert: clientCertificate, key: clientKey }),
    ...(tlsServerName === undefined ? {} : { servername: tlsServerName }),
  });
}

function headersOf(credentials: ClusterCredentials): Record<string, string> {
  const { bearerToken } = credentials;
  return { 'user-agent': 'ccluster', ...(bearerToken === undefined ? {} : { authorization: `Bearer ${bearerToken}` }) };
}

async function failingAsFault<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw toKubernetesFault(error);
  }
}

function tooDeep(): KubernetesFault {
  return new KubernetesFault('SERVER_ERROR', 'The answer was nested too deep', { reason: 'ResponseTooDeep' });
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

function refusalOf(
  url: string,
  response: Dispatcher.ResponseData,
  unsafeBody: string,
): Parameters<typeof faultOfAnswer>[0] {
  const retryAfter = singleValued(response.headers)['retry-after'];
  return { status: response.statusCode, unsafeBody, retryAfter, concernsSecret: /\/secrets(\/|\?|$)/.test(url) };
}

function singleValued(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

/** Of a refused stream; leaving the loop drops the connection, so that a refusal without end costs nothing. */
async function textStart(body: ByteStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= MAX_STREAM_REFUSAL_BYTES) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}
