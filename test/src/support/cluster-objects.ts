import { BatchV1Api, CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { TestEnvironment } from '@ccluster/testkit';

const NAMESPACE = 'ccluster-jobs';

/** What a cluster itself holds of a job: the test's own look, past the product. */
export async function objectsOfJob(cluster: TestEnvironment['clusters'][number], jobId: string) {
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const where = { namespace: NAMESPACE, labelSelector: `ccluster.io/job-id=${jobId}` };
  const [jobs, pods] = await Promise.all([
    config.makeApiClient(BatchV1Api).listNamespacedJob(where),
    config.makeApiClient(CoreV1Api).listNamespacedPod(where),
  ]);
  return { kubernetesJobs: jobs.items, pods: pods.items };
}

/** The same over all clusters. */
export async function objectsOfJobAnywhere({ clusters }: TestEnvironment, jobId: string) {
  const found = await Promise.all(clusters.map((cluster) => objectsOfJob(cluster, jobId)));
  return { kubernetesJobs: found.flatMap((each) => each.kubernetesJobs), pods: found.flatMap((each) => each.pods) };
}
