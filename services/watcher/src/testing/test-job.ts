import { randomBytes } from 'node:crypto';
import { KUBERNETES_KEYS, kubernetesJobName, type JobSpec } from '@ccluster/domain';
import { KubernetesFault, type ClusterConnection } from '@ccluster/kubernetes';

/** A suspended Kubernetes Job of ours, made without the dispatcher. */
export interface TestJob {
  readonly uid: string;
  /** Applies a decision; @returns the resourceVersion after it */
  setSuspend(suspend: boolean, intent: number): Promise<string>;
  delete(): Promise<void>;
}

export async function postTestJob(
  admin: ClusterConnection,
  where: { readonly installation: string; readonly clusterId: string; readonly namespace: string },
  jobId: string,
  spec: JobSpec,
): Promise<TestJob> {
  const { namespace } = where;
  const name = kubernetesJobName(spec.name, jobId);
  const labels = {
    [KUBERNETES_KEYS.installation]: where.installation,
    [KUBERNETES_KEYS.cluster]: where.clusterId,
    [KUBERNETES_KEYS.jobId]: jobId,
  };
  const created = await admin.batch.createNamespacedJob({
    namespace,
    body: {
      metadata: { name, labels, annotations: { [KUBERNETES_KEYS.intent]: '0' } },
      spec: {
        suspend: true,
        completionMode: 'Indexed',
        completions: spec.completions,
        parallelism: spec.parallelism,
        backoffLimit: spec.backoffLimit,
        podReplacementPolicy: 'Failed',
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: 'Never',
            automountServiceAccountToken: false,
            terminationGracePeriodSeconds: 1,
            containers: [{ name: 'main', image: `${spec.imageUrl}:${spec.imageTag}`, command: [...spec.argv] }],
          },
        },
      },
    },
  });
  const uid = created.metadata?.uid ?? '';
  const setSuspend = async (suspend: boolean, intent: number): Promise<string> => {
    const patched = await admin.batch.patchNamespacedJob({
      namespace,
      name,
      body: [
        { op: 'replace', path: '/metadata/annotations/ccluster.io~1intent', value: String(intent) },
        { op: 'replace', path: '/spec/suspend', value: suspend },
      ],
    });
    return patched.metadata?.resourceVersion ?? '';
  };
  return {
    uid,
    setSuspend,
    delete: async () => {
      await admin.batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' }).catch(ignoreAbsence);
    },
  };
}

function ignoreAbsence(error: unknown): void {
  if (!(error instanceof KubernetesFault && error.kind === 'NOT_FOUND')) throw error;
}

export function testInstallation(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

/** The watcher does not make namespaces; where no environment did, the test does. */
export async function ensureNamespace(admin: ClusterConnection, name: string): Promise<void> {
  const { items } = await admin.core.listNamespace();
  if (items.some((namespace) => namespace.metadata?.name === name)) return;
  await admin.core.createNamespace({ body: { metadata: { name } } });
}
