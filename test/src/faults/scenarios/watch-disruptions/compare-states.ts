import type { PodStatus } from '@ccluster/db';
import { KUBERNETES_KEYS, type JobStatus } from '@ccluster/domain';
import type { V1Job, V1Pod } from '@kubernetes/client-node';

import type { Violation } from '../../violation.js';
import { isOver, podStage, shownStage } from './stages.js';

export interface ShownPod {
  readonly uid: string;
  readonly status: PodStatus;
  readonly exitCode: number | null;
}

export interface ShownJob {
  readonly id: string;
  readonly kubernetesUid: string | null;
  readonly status: JobStatus;
  readonly succeeded: number;
}

export interface ClusterState {
  readonly kubernetesJobs: readonly V1Job[];
  readonly pods: readonly V1Pod[];
}

export interface ShownState {
  readonly jobs: readonly ShownJob[];
  readonly pods: readonly ShownPod[];
}

/** Wherever what the product shows of one cluster is not what the cluster itself says, when nothing happens any more. */
export function compareStates(cluster: ClusterState, shown: ShownState): Violation[] {
  return [...comparePods(cluster, shown), ...compareJobs(cluster, shown)];
}

function comparePods(cluster: ClusterState, shown: ShownState): Violation[] {
  const there = new Map(cluster.pods.map((pod) => [pod.metadata?.uid ?? '', pod]));
  const rows = new Map(shown.pods.map((pod) => [pod.uid, pod]));
  const hidden = [...there.keys()].filter((uid) => !rows.has(uid));
  return [
    ...hidden.map((uid) => violation(`pod ${uid}`, 'is in the cluster and not shown')),
    ...shown.pods.flatMap((pod) => {
      const found = there.get(pod.uid);
      const difference = found === undefined ? differenceOfGone(pod) : differenceOf(found, pod);
      return difference === undefined ? [] : [violation(`pod ${pod.uid}`, difference)];
    }),
  ];
}

function differenceOfGone({ status }: ShownPod): string | undefined {
  return status === 'PENDING' || status === 'RUNNING' ? `is shown ${status} and not in the cluster` : undefined;
}

function differenceOf(pod: V1Pod, { status, exitCode }: ShownPod): string | undefined {
  const phase = pod.status?.phase ?? '';
  const isSame = hasEnded(phase) ? status === phase.toUpperCase() : shownStage(status) === podStage(pod);
  if (!isSame) return `is ${phase} in the cluster and shown ${status}`;
  const exited = pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode ?? null;
  if (hasEnded(phase) && exited !== exitCode)
    return `exited with ${exited} in the cluster and is shown with ${exitCode}`;
  return undefined;
}

function hasEnded(phase: string): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

function compareJobs(cluster: ClusterState, shown: ShownState): Violation[] {
  const there = new Map(cluster.kubernetesJobs.map((job) => [job.metadata?.uid ?? '', job]));
  const rows = new Set(shown.jobs.map(({ kubernetesUid }) => kubernetesUid));
  const hidden = cluster.kubernetesJobs.filter(({ metadata }) => !rows.has(metadata?.uid ?? null));
  return [
    ...hidden.map((job) => violation(jobIdOf(job), 'is in the cluster and not shown there')),
    ...shown.jobs.flatMap((job) => {
      const difference = differenceOfJob(there.get(job.kubernetesUid ?? ''), job);
      return difference === undefined ? [] : [violation(job.id, difference)];
    }),
  ];
}

function differenceOfJob(job: V1Job | undefined, { status, succeeded }: ShownJob): string | undefined {
  if (job === undefined) return ENDS.has(status) ? undefined : `is shown ${status} and not in the cluster`;
  // What its cluster says of a job that was cancelled is not its end.
  if (status === 'CANCELLED') return undefined;
  const counted = job.status?.succeeded ?? 0;
  if (counted !== succeeded) return `has ${counted} tasks done in the cluster and ${succeeded} shown`;
  const expected = isOver(job) ? endOf(job) : undefined;
  if (expected !== undefined)
    return status === expected ? undefined : `is ${expected} in the cluster and shown ${status}`;
  return ENDS.has(status) ? `is not over in the cluster and shown ${status}` : undefined;
}

const ENDS: ReadonlySet<JobStatus> = new Set<JobStatus>(['SUCCEEDED', 'FAILED', 'CANCELLED']);

function endOf({ status }: V1Job): JobStatus {
  const isComplete = status?.conditions?.some((each) => each.type === 'Complete' && each.status === 'True');
  return isComplete === true ? 'SUCCEEDED' : 'FAILED';
}

function jobIdOf({ metadata }: V1Job): string {
  return metadata?.labels?.[KUBERNETES_KEYS.jobId] ?? metadata?.name ?? '';
}

function violation(subject: string, what: string): Violation {
  return { rule: 'P6 tasks', subject, what };
}
