import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpsServer } from '@ccluster/testkit';

/** One face of the server: a cluster of its own, whose nodes are as a test says. */
export interface FaceOfCluster {
  readonly systemUid: string;
  /** Answers instead of the honest cluster where it returns true. */
  readonly behave?: (request: AskedFor, response: ServerResponse) => boolean;
}

interface AskedFor {
  readonly path: string;
  /** nodes, pods, jobs or events; empty for what is no collection. */
  readonly kind: string;
  readonly isWatch: boolean;
  /** The `resourceVersion` that is asked for; 0 where none is. */
  readonly since: number;
  /** Since the server started, of this face. */
  readonly count: number;
}

export interface ClusterServer {
  /** Sealed, these are reader credentials: the token says which face answers. */
  credentials(token: string): Record<string, string>;
  show(token: string, face: FaceOfCluster): void;
  /** The token is not known any more, nor what was opened with it goes on. */
  hide(token: string): void;
  /** All nodes of honest faces take so many pods from now on. */
  setPods(pods: number): void;
  /** Requests of a face so far. */
  requests(token: string): number;
  stop(): Promise<void>;
}

/** API servers to be watched, honest and otherwise, in one process: each bearer token sees another one. */
export async function startClusterServer(): Promise<ClusterServer> {
  const faces = new Map<string, FaceOfCluster>();
  const counts = new Map<string, number>();
  const open = new Map<string, Set<ServerResponse>>();
  const nodeWatches = new Set<ServerResponse>();
  let version = 1;
  let pods = 1;
  const node = () => ({
    metadata: { name: 'node-1', uid: 'node-1', resourceVersion: String(version) },
    spec: {},
    status: {
      allocatable: { cpu: '64', memory: '256Gi', pods: String(pods) },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  });

  const change = () => `${JSON.stringify({ type: 'MODIFIED', object: node() })}\n`;
  /** @param since version of the list that the watch goes on from */
  const watchNodes = (response: ServerResponse, since: number): void => {
    nodeWatches.add(response.once('close', () => nodeWatches.delete(response)));
    if (since < version) response.write(change());
  };

  const honest = ({ path, kind, isWatch, since }: AskedFor, response: ServerResponse, systemUid: string): void => {
    if (path === '/version') send(response, 200, { gitVersion: 'v1.35.4' });
    else if (path.includes('/selfsubjectaccessreviews')) send(response, 201, { status: { allowed: true } });
    else if (kind === '') send(response, 200, { metadata: { uid: systemUid } });
    else if (isWatch) {
      response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
      if (kind === 'nodes') watchNodes(response, since);
    } else
      send(response, 200, { metadata: { resourceVersion: String(version) }, items: kind === 'nodes' ? [node()] : [] });
  };

  const server = await startHttpsServer((request, response) => {
    request.resume();
    const token = (request.headers.authorization ?? '').replace('Bearer ', '');
    const face = faces.get(token);
    const ofToken = open.get(token) ?? new Set();
    open.set(token, ofToken.add(response.once('close', () => ofToken.delete(response))));
    const count = (counts.get(token) ?? 0) + 1;
    counts.set(token, count);
    if (face === undefined) return void response.writeHead(401).end();
    const asked = { ...readRequest(request), count };
    if (face.behave?.(asked, response) !== true) honest(asked, response, face.systemUid);
  });
  return {
    credentials: (bearerToken) => ({ server: server.url, caCertificate: server.certificate, bearerToken }),
    show: (token, face) => void faces.set(token, face),
    hide: (token) => {
      faces.delete(token);
      for (const response of open.get(token) ?? []) response.destroy();
    },
    setPods: (count) => {
      pods = count;
      version += 1;
      for (const watch of nodeWatches) watch.write(change());
    },
    requests: (token) => counts.get(token) ?? 0,
    stop: () => server.stop(),
  };
}

function readRequest(request: IncomingMessage): Omit<AskedFor, 'count'> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://cluster');
  const [, kind = ''] = /\/(nodes|pods|jobs|events)$/.exec(pathname) ?? [];
  const since = Number(searchParams.get('resourceVersion') ?? 0);
  return { path: pathname, kind, isWatch: searchParams.has('watch'), since };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
