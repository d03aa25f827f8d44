import { inChildSpan, noteInSpan, type SpanAttributes } from '@ccluster/runtime';
import { KubernetesFault } from './fault.js';
import type { Transport } from './transport.js';

/** What is asked of: `jobs`, `jobs/status`. */
const RESOURCE =
  /\/(?:api\/v1|apis\/[^/?]+\/[^/?]+)\/(?:namespaces\/[^/?]+\/)?([a-z]{1,40})(?:\/[^/?]+(?:\/([a-z]{1,40}))?)?(?:\?|$)/;

/** The same, with a span for each request that is part of a trace. @param clusterId undefined: not registered yet */
export function tracedTransport(transport: Transport, clusterId: string | undefined): Transport {
  return {
    call: (call) =>
      traced(call, { ...ofCluster(clusterId), 'ccluster.timeout_ms': call.timeoutMs }, async () => {
        const answer = await transport.call(call);
        noteInSpan({ 'http.response.status_code': answer.status });
        return answer;
      }),
    openStream: (url, idleTimeoutMs, signal) =>
      traced({ url, method: 'GET' }, ofCluster(clusterId), () => transport.openStream(url, idleTimeoutMs, signal)),
    close: () => transport.close(),
  };
}

function traced<T>(
  { url, method }: { readonly url: string; readonly method: string },
  attributes: SpanAttributes,
  request: () => Promise<T>,
): Promise<T> {
  const resource = resourceOf(url);
  const described = { ...attributes, 'http.request.method': method, 'k8s.resource': resource };
  return inChildSpan(`${method} ${resource}`, { kind: 'CLIENT', attributes: described }, () => noting(request));
}

/** Of a fault only what is a number: its texts are the cluster's. */
async function noting<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof KubernetesFault) {
      const { status, retryAfterMs } = error;
      if (status !== undefined) noteInSpan({ 'http.response.status_code': status });
      if (retryAfterMs !== undefined) noteInSpan({ 'ccluster.retry_after_ms': retryAfterMs });
    }
    throw error;
  }
}

/** Nothing of a path but kinds: names and namespaces are callers', and a query may hold anything. */
function resourceOf(url: string): string {
  const [, kind, subresource] = RESOURCE.exec(url) ?? [];
  if (kind === undefined) return url.endsWith('/version') ? 'version' : 'other';
  return subresource === undefined ? kind : `${kind}/${subresource}`;
}

function ofCluster(clusterId: string | undefined): SpanAttributes {
  return clusterId === undefined ? {} : { 'ccluster.cluster.id': clusterId };
}
