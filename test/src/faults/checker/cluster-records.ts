import { parseAuditObject } from './audit-event.js';
import type { AuditLog } from './audit-log.js';
import type { KubernetesJobRecord, PodRecord } from './cluster-evidence.js';
import { recordsOfName } from './kubernetes-job-lives.js';
import { jobRequestOfLive, type JobRequest } from './kubernetes-job-log.js';
import type { LiveCluster } from './live-objects.js';
import { addPodObject, noPodFacts, type PodFacts } from './pod-log.js';

interface Place {
  readonly cluster: string;
  readonly clusterId: string;
}

interface Metadata {
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * What an audit log and what is there now say of an installation's Kubernetes Jobs, gone ones included.
 * @param jobOfName job id by the name of its Kubernetes Job
 */
export function kubernetesJobRecords(
  where: Place,
  installation: string,
  { jobs }: AuditLog,
  { kubernetesJobs }: Pick<LiveCluster, 'kubernetesJobs'>,
  jobOfName: ReadonlyMap<string, string>,
): KubernetesJobRecord[] {
  const live = new Map<string, JobRequest>();
  for (const each of kubernetesJobs) {
    const createdAt = each.metadata?.creationTimestamp?.getTime() ?? 0;
    live.set(keyOf(each.metadata), jobRequestOfLive(parseAuditObject(each), createdAt));
  }
  return [...new Set([...jobs.keys(), ...live.keys()])].flatMap((key) => {
    const [namespace = '', name = ''] = key.split('/');
    const whose = { ...where, namespace, name, jobId: jobOfName.get(name) };
    return recordsOfName(whose, installation, jobs.get(key) ?? [], live.get(key));
  });
}

/**
 * The same of its pods. What the audit log says of a pod may be without its labels; then its name tells whose it is.
 * @param jobOfName job id by the name of its Kubernetes Job
 */
export function podRecords(
  where: Place,
  installation: string,
  { pods }: AuditLog,
  live: Pick<LiveCluster, 'pods'>,
  jobOfName: ReadonlyMap<string, string>,
): PodRecord[] {
  const facts = new Map(pods);
  for (const each of live.pods) {
    const key = keyOf(each.metadata);
    const pod = facts.get(key) ?? noPodFacts();
    addPodObject(pod, parseAuditObject(each));
    facts.set(key, pod);
  }
  return [...facts].flatMap(([key, pod]) => podRecord(where, installation, key, pod, jobOfName) ?? []);
}

function podRecord(
  where: Place,
  installation: string,
  key: string,
  facts: PodFacts,
  jobOfName: ReadonlyMap<string, string>,
): PodRecord | undefined {
  const name = key.slice(key.indexOf('/') + 1);
  const { installation: labelled, jobId, ...rest } = facts;
  if (labelled !== null && labelled !== installation) return undefined;
  const { kubernetesJobName, index } = partsOfPodName(name);
  const owner = jobId ?? jobOfName.get(kubernetesJobName);
  if (owner === undefined) return undefined;
  // The start is told in whole seconds, rounded down: that is before the pod was there at all where it started at once.
  const startedAt = rest.startedAt === null ? null : Math.max(rest.startedAt, rest.createdAt ?? 0);
  return { ...where, ...rest, startedAt, name, index, jobId: owner };
}

/** `<Kubernetes Job>-<index>-<5 letters>`, as its controller names pods; no index where it is not of that form. */
function partsOfPodName(name: string): { readonly kubernetesJobName: string; readonly index: number | null } {
  const match = /^(.+)-(\d+)-[a-z0-9]{5}$/.exec(name);
  return { kubernetesJobName: match?.[1] ?? name, index: match === null ? null : Number(match[2]) };
}

/** The host name of every pod of one task: `<Kubernetes Job>-<index>`; a pod that is none of a task has its own name. */
export function partsOfHostname(hostname: string): {
  readonly kubernetesJobName: string;
  readonly index: number | null;
} {
  const match = /^(.+)-(\d+)$/.exec(hostname);
  return match === null
    ? { kubernetesJobName: hostname, index: null }
    : { kubernetesJobName: match[1] ?? '', index: Number(match[2]) };
}

function keyOf({ namespace = '', name = '' }: Metadata = {}): string {
  return `${namespace}/${name}`;
}
