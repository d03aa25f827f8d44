import { KUBERNETES_KEYS, kubernetesJobName } from '@ccluster/domain';
import type { ClusterConnection } from '@ccluster/kubernetes';
import type { V1DeleteOptions, V1Job } from '@kubernetes/client-node';
import { aSpec, JOB_ID } from '../build-order.js';
import type { ObjectView } from './api-server.js';
import { ask, type ClusterName, type PatchStep } from './ask.js';

export const INSTALLATION = 'model';
export const NAMESPACE = 'jobs';
const NAME = kubernetesJobName(aSpec().name, JOB_ID);
const SYSTEM_NAMESPACE = '/api/v1/namespaces/kube-system';

/** A connection to a cluster of the model, under the product's own adapter. */
export function modelConnection(cluster: ClusterName): ClusterConnection {
  const batch = {
    createNamespacedJobWithHttpInfo: async ({ body }: { readonly body: V1Job }) => {
      const { metadata, spec } = body;
      if (metadata?.name !== NAME || metadata.namespace !== NAMESPACE) throw new Error('The model knows one name only');
      const numberOf = (key: string) => Number(metadata.annotations?.[key]);
      const [epoch, intent] = [numberOf(KUBERNETES_KEYS.epoch), numberOf(KUBERNETES_KEYS.intent)];
      const view = await ask<ObjectView>({ call: 'post', cluster, epoch, intent, suspended: spec?.suspend === true });
      return { data: objectOf(view, cluster), headers: {} };
    },
    patchNamespacedJob: async ({ body: patch }: { readonly body: readonly PatchStep[] }) =>
      objectOf(await ask<ObjectView>({ call: 'patch', cluster, patch }), cluster),
    deleteNamespacedJob: ({ body }: { readonly body: V1DeleteOptions }) => {
      if (body.propagationPolicy !== 'Background') throw new Error('Its pods would be orphans');
      return ask({ call: 'delete', cluster, uid: body.preconditions?.uid ?? null });
    },
  };
  const core = { createNamespacedSecret: () => ask({ call: 'postSecret', cluster }) };
  const getJson = async (path: string): Promise<unknown> => {
    if (path === SYSTEM_NAMESPACE) return { metadata: { uid: cluster } };
    if (path === '/version') return { gitVersion: 'v1.35.4' };
    if (path.endsWith('/jobs')) {
      const views = await ask<readonly ObjectView[]>({ call: 'list', cluster });
      return { metadata: {}, items: views.map((view) => objectOf(view, cluster)) };
    }
    return objectOf(await ask<ObjectView>({ call: 'get', cluster }), cluster);
  };
  return { batch, core, getJson, callOptions: () => ({}) } as unknown as ClusterConnection;
}

function objectOf(view: ObjectView, cluster: ClusterName) {
  return {
    metadata: {
      name: NAME,
      namespace: NAMESPACE,
      uid: view.uid,
      resourceVersion: String(view.version),
      ...(view.deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
      labels: {
        [KUBERNETES_KEYS.installation]: INSTALLATION,
        [KUBERNETES_KEYS.cluster]: cluster,
        [KUBERNETES_KEYS.jobId]: JOB_ID,
      },
      annotations: { [KUBERNETES_KEYS.intent]: String(view.intent), [KUBERNETES_KEYS.epoch]: String(view.epoch) },
    },
    spec: { suspend: view.suspended },
  };
}
