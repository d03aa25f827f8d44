import {
  AuthorizationV1Api,
  BatchV1Api,
  type ConfigurationOptions,
  CoreV1Api,
  createConfiguration,
  type HttpLibrary,
  ResponseContext,
  ServerConfiguration,
  VersionApi,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import type { ClusterAddresses } from '../access/cluster-addresses.js';
import type { ClusterCredentials } from '../access/cluster-credentials.js';
import { toKubernetesFault } from './fault.js';
import { tracedTransport } from './traced-transport.js';
import { type ByteStream, openTransport, type Transport } from './transport.js';

export interface CallLimits {
  signal?: AbortSignal;
  /** Until the whole answer is there; the connection's own by default. */
  timeoutMs?: number;
}

export interface ConnectOptions {
  /** Which addresses are connected to. */
  readonly addresses: ClusterAddresses;
  readonly requestTimeoutMs: number;
  /** What one connection may deliver as a whole, for a few short calls to whoever it may be; no limit if not given. */
  readonly maxConnectionBytes?: number;
  /** Names it in traces; not given: it has none yet. */
  readonly clusterId?: string;
}

export type Query = Readonly<Record<string, string>>;

/**
 * One cluster. Its calls share pooled connections, each ends within its timeout, and none is repeated. All fail with a
 * `KubernetesFault` or the caller's own abort reason, the typed ones too (`ApiException` never occurs); only a typed call
 * whose answer is no JSON throws something else, which `toKubernetesFault` maps.
 */
export interface ClusterConnection {
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
  readonly version: VersionApi;
  readonly authorization: AuthorizationV1Api;
  /** The second argument of a typed call. */
  callOptions(limits: CallLimits): ConfigurationOptions;
  /** A whole answer as parsed JSON, without the cost of typed objects. `path` begins with "/". */
  getJson(path: string, call: CallLimits & { query?: Query }): Promise<unknown>;
  /** A watch or a log. It fails when no byte comes for `idleTimeoutMs`; errors while reading are for `toKubernetesFault`. */
  openStream(path: string, call: { query: Query; signal: AbortSignal; idleTimeoutMs: number }): Promise<ByteStream>;
  /** Ends every call and stream. */
  close(): Promise<void>;
}

export function connectCluster(credentials: ClusterCredentials, options: ConnectOptions): ClusterConnection {
  const { addresses, requestTimeoutMs, maxConnectionBytes = Infinity, clusterId } = options;
  const transport = tracedTransport(openTransport(credentials, { addresses, maxConnectionBytes }), clusterId);
  const httpApi = (limits: CallLimits): HttpLibrary =>
    httpLibrary(transport, { timeoutMs: requestTimeoutMs, ...limits });
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(credentials.server, {}),
    httpApi: httpApi({}),
  });
  const urlOf = (path: string, query: Query = {}): string => {
    const search = new URLSearchParams(query).toString();
    return `${credentials.server}${path}${search === '' ? '' : `?${search}`}`;
  };
  return {
    batch: new BatchV1Api(configuration),
    core: new CoreV1Api(configuration),
    version: new VersionApi(configuration),
    authorization: new AuthorizationV1Api(configuration),
    callOptions: (limits) => ({ httpApi: httpApi(limits) }),
    getJson: async (path, { query, signal, timeoutMs = requestTimeoutMs }) => {
      const answer = await transport.call({ url: urlOf(path, query), method: 'GET', timeoutMs, signal });
      return parseAnswer(answer.text);
    },
    openStream: (path, { query, signal, idleTimeoutMs }) =>
      transport.openStream(urlOf(path, query), idleTimeoutMs, signal),
    close: () => transport.close(),
  };
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw toKubernetesFault(error);
  }
}

/**
 * client-node's generated calls over our transport. Its own opens a TLS connection per call and knows neither timeout
 * nor size limit; and without its KubeConfig nothing of ours can read a file or run a program.
 */
function httpLibrary(transport: Transport, limits: CallLimits & { timeoutMs: number }): HttpLibrary {
  return wrapHttpLibrary({
    send: async (context) => {
      const body = context.getBody();
      const answer = await transport.call({
        url: context.getUrl(),
        method: context.getHttpMethod(),
        headers: context.getHeaders(),
        // Ours are always JSON, which is text by now.
        body: typeof body === 'string' ? body : undefined,
        ...limits,
      });
      const text = Promise.resolve(answer.text);
      return new ResponseContext(answer.status, answer.headers, {
        text: () => text,
        binary: async () => Buffer.from(answer.text),
        stream: () => null,
      });
    },
  });
}
