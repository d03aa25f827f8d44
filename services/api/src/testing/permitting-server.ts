import { text } from 'node:stream/consumers';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { startHttpsServer } from '@ccluster/testkit';

/** Whom one bearer token is for. */
interface Grant {
  /** uid of kube-system: which cluster answers. */
  readonly systemUid: string;
  /** What it may not do: `verb resource`. */
  readonly denied?: readonly string[];
  /** Namespaces that are not there. */
  readonly missingNamespaces?: readonly string[];
  readonly version?: string;
}

export interface PermittingServer {
  /** Input for whoever has the token. */
  credentials(token: string): Record<string, string>;
  /** By token; whoever has another is not known. */
  readonly grants: Map<string, Grant>;
  /** Permissions that were asked for, `<token> <verb> <resource> <namespace>`. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** The part of an API server that proves credentials, for what a real one cannot be brought to say in a test. */
export async function startPermittingServer(): Promise<PermittingServer> {
  const grants = new Map<string, Grant>();
  const asked: string[] = [];
  const server = await startHttpsServer((request, response) => {
    void answer(request, response, grants, asked).catch(() => response.destroy());
  });
  return {
    credentials: (bearerToken) => ({ server: server.url, caCertificate: server.certificate, bearerToken }),
    grants,
    asked,
    stop: () => server.stop(),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  grants: ReadonlyMap<string, Grant>,
  asked: string[],
): Promise<void> {
  const body = await text(request);
  const token = (request.headers.authorization ?? '').replace('Bearer ', '');
  const grant = grants.get(token);
  const path = request.url ?? '';
  if (grant === undefined) return refuse(response, 401, 'Unauthorized');
  if (path.startsWith('/version')) return send(response, 200, { gitVersion: grant.version ?? 'v1.35.4' });
  if (path.includes('/selfsubjectaccessreviews')) {
    const { spec } = JSON.parse(body) as { spec: { resourceAttributes: Record<string, string> } };
    const { verb, resource, subresource, namespace = '*' } = spec.resourceAttributes;
    const what = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
    asked.push(`${token} ${what} ${namespace}`);
    return send(response, 201, { spec, status: { allowed: !(grant.denied ?? []).includes(what) } });
  }
  const namespace = path.replace('/api/v1/namespaces/', '');
  if (grant.missingNamespaces?.includes(namespace)) return refuse(response, 404, 'NotFound');
  return send(response, 200, { metadata: { name: namespace, uid: grant.systemUid } });
}

function refuse(response: ServerResponse, code: number, reason: string): void {
  send(response, code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message: reason });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
