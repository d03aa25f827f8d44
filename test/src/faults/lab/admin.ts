import { AdmissionregistrationV1Api, BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { TestCluster } from '@ccluster/testkit';

const NAMESPACE = 'ccluster-jobs';
/** A Kubernetes Job that carries it is refused by the policy that `refuseMarkedJobs` makes. */
export const REFUSED_ANNOTATION = 'faults.example/refuse';
const POLICY = 'faults-refuse-marked-jobs';

/** The cluster itself, past the product and its accounts. */
export interface ClusterAdmin {
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
  readonly admission: AdmissionregistrationV1Api;
}

export function clusterAdmin({ kubeconfig }: TestCluster): ClusterAdmin {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return {
    batch: config.makeApiClient(BatchV1Api),
    core: config.makeApiClient(CoreV1Api),
    admission: config.makeApiClient(AdmissionregistrationV1Api),
  };
}

/** Deletes what the cluster holds of a job, as somebody would who knows nothing of the product. @returns whether there was any */
export async function deleteKubernetesJobOf({ batch }: ClusterAdmin, jobId: string): Promise<boolean> {
  const { items } = await batch.listNamespacedJob({
    namespace: NAMESPACE,
    labelSelector: `ccluster.io/job-id=${jobId}`,
  });
  const names = items.flatMap(({ metadata }) => metadata?.name ?? []);
  for (const name of names)
    await batch.deleteNamespacedJob({ name, namespace: NAMESPACE, propagationPolicy: 'Background' });
  return names.length > 0;
}

/** An admission policy of the cluster's that refuses Kubernetes Jobs with the annotation. @returns what removes it */
export async function refuseMarkedJobs({ admission }: ClusterAdmin): Promise<() => Promise<void>> {
  const expression = `!has(object.metadata.annotations) || !('${REFUSED_ANNOTATION}' in object.metadata.annotations)`;
  const remove = async (): Promise<void> => {
    await admission.deleteValidatingAdmissionPolicyBinding({ name: POLICY }).catch(() => undefined);
    await admission.deleteValidatingAdmissionPolicy({ name: POLICY }).catch(() => undefined);
  };
  await remove();
  const resourceRules = [{ apiGroups: ['batch'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['jobs'] }];
  await admission.createValidatingAdmissionPolicy({
    body: {
      metadata: { name: POLICY },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: { resourceRules },
        validations: [{ expression, message: 'marked to be refused' }],
      },
    },
  });
  await admission.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name: POLICY }, spec: { policyName: POLICY, validationActions: ['Deny'] } },
  });
  return remove;
}
