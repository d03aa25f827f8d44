import { newId } from '@ccluster/domain';
import { waitFor } from '@ccluster/testkit';
import { randomFillSync } from 'node:crypto';

import {
  clusterAt,
  findRunningPod,
  guiseMetadata,
  makeKubernetesJob,
  makeRunningPod,
  type Guise,
} from '../cluster-objects.js';
import { nameInCluster, NAMESPACE, type Expected, type Ground, type Plant } from '../ground.js';
import type { ProofJobName } from '../proof-jobs.js';

export const inClusters: readonly Plant[] = [
  {
    what: 'a second Kubernetes Job of a job, released in the other cluster and gone again',
    plant: async (ground) => {
      const { good } = ground.jobs;
      const guise = guiseOf(ground, 'good', otherCluster(ground, good.placement?.clusterName));
      await makeKubernetesJob(ground, guise, { suspend: true, nodeSelector: { 'ccluster.io/planted': 'nowhere' } });
      await release(guise);
      await removeKubernetesJob(guise);
      return [{ rule: 'I1', subject: good.id }];
    },
  },
  {
    what: 'a Kubernetes Job that runs, of a job that was suspended before any was armed',
    plant: async (ground) => {
      const guise = guiseOf(ground, 'held', 0);
      await makeKubernetesJob(ground, guise, { suspend: false });
      const pod = await findRunningPod(guise);
      const { id } = ground.jobs.held;
      const stray = { ...guise, name: pod.metadata?.name ?? '' };
      return [
        { rule: 'P3 released once', subject: id },
        { rule: 'P10 suspend', subject: id },
        strayOf(guise),
        strayOf(stray),
      ];
    },
  },
  {
    what: 'a pod of a job that was cancelled before any was armed',
    plant: (ground) => plantPod(ground, 'cancelled', '0', { rule: 'I2', subject: ground.jobs.cancelled.id }),
  },
  {
    what: 'a pod of a job after CANCELLED was given',
    plant: (ground) => plantPod(ground, 'stopped', '0', { rule: 'P4 cancel', subject: ground.jobs.stopped.id }),
  },
  {
    what: 'a pod of a re-run for a task that had succeeded',
    plant: (ground) => plantPod(ground, 'again', '0', { rule: 'P11 rerun', subject: ground.jobs.again.id }),
  },
  {
    what: 'a Kubernetes Job that no row owns',
    plant: async (ground) => {
      const guise = { cluster: clusterAt(ground, 0), name: 'planted-orphan', jobId: noJob() };
      await makeKubernetesJob(ground, guise, { suspend: true });
      return [strayOf(guise)];
    },
  },
  {
    what: 'a Secret that no row owns',
    plant: async (ground) => {
      const guise = { cluster: clusterAt(ground, 1), name: 'planted-secret', jobId: noJob() };
      const body = { metadata: guiseMetadata(ground, guise) };
      await guise.cluster.core.createNamespacedSecret({ namespace: NAMESPACE, body });
      return [strayOf(guise)];
    },
  },
];

/** A pod as the job controller would name it, that is still there when evidence is gathered. */
async function plantPod(ground: Ground, job: ProofJobName, index: string, expected: Expected): Promise<Expected[]> {
  const { name, ...guise } = guiseOf(ground, job, 0);
  const pod = { ...guise, name: `${name}-${index}-plant` };
  await makeRunningPod(ground, pod);
  return [expected, strayOf(pod)];
}

function guiseOf(ground: Ground, job: ProofJobName, cluster: number): Guise {
  const { id } = ground.jobs[job];
  return { cluster: clusterAt(ground, cluster), name: nameInCluster(ground.jobs[job]), jobId: id };
}

function otherCluster(ground: Ground, name: string | undefined): number {
  return clusterAt(ground, 0).name === name ? 1 : 0;
}

function strayOf({ cluster, name }: Guise): Expected {
  return { rule: 'I5', subject: `${cluster.name} ${name}` };
}

function noJob(): string {
  return newId('job', Date.now(), (bytes) => randomFillSync(bytes));
}

async function release({ cluster, name }: Guise): Promise<void> {
  const body = [{ op: 'replace', path: '/spec/suspend', value: false }];
  await cluster.batch.patchNamespacedJob({ name, namespace: NAMESPACE, body });
}

async function removeKubernetesJob({ cluster, name }: Guise): Promise<void> {
  const where = { name, namespace: NAMESPACE };
  await cluster.batch.deleteNamespacedJob({ ...where, propagationPolicy: 'Background' });
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  const isGone = async () => {
    const { items } = await cluster.core.listNamespacedPod({ namespace: NAMESPACE, labelSelector });
    return items.length === 0;
  };
  await waitFor(isGone, { timeoutMs: 30_000, what: `the pods of ${name} to go` });
}
