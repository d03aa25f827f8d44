import { kubernetesJobName } from '@ccluster/domain';

import { readHistory } from '../history.js';
import { readAuditLog, type AuditLog } from './audit-log.js';
import { withBeacons } from './beacon-records.js';
import type { KubernetesJobRecord, LiveObject, PodRecord } from './cluster-evidence.js';
import { kubernetesJobRecords, podRecords } from './cluster-records.js';
import type { Evidence } from './evidence.js';
import { addEntry, emptyHistory, type HistoryEvidence } from './history-evidence.js';
import { releasedByPods } from './kubernetes-job-lives.js';
import { liveObjectsOf, readLiveCluster } from './live-objects.js';
import { readDatabase } from './read-database.js';
import type { StoredJob } from './stored-job.js';

export interface EvidenceSources {
  /** Of a history that is closed. */
  readonly historyPath: string;
  readonly databaseUrl: string;
  readonly clusters: readonly ClusterSource[];
  /** `CCLUSTER_INSTALLATION` of the services. */
  readonly installation: string;
  /** Milliseconds since 1970: the installation made nothing in its clusters before. */
  readonly since: number;
}

interface ClusterSource {
  readonly name: string;
  readonly clusterId: string;
  /** The path of its API server's. */
  readonly auditLog: string;
  /** Its path, with all rights. */
  readonly kubeconfig: string;
}

/** To be called when the faults are over and nothing moves any more. */
export async function gatherEvidence(sources: EvidenceSources): Promise<Evidence> {
  const history = await foldHistory(sources.historyPath);
  const { jobs, requests } = await readDatabase(sources.databaseUrl);
  const jobOfName = jobsByKubernetesName(history, jobs);
  const kubernetesJobs: KubernetesJobRecord[] = [];
  const pods: PodRecord[] = [];
  const liveObjects: LiveObject[] = [];
  for (const { name, clusterId, auditLog, kubeconfig } of sources.clusters) {
    const where = { cluster: name, clusterId };
    const audit = await readAuditLog(auditLog, sources.since);
    const live = await readLiveCluster(kubeconfig, sources.installation);
    const records = kubernetesJobRecords(where, sources.installation, audit, live, jobOfName);
    for (const record of records) jobOfName.set(record.name, record.jobId);
    const itsPods = podRecords(where, sources.installation, audit, live, jobOfName);
    requireRecords(where, audit, jobs);
    kubernetesJobs.push(...releasedByPods(records, itsPods));
    pods.push(...itsPods);
    liveObjects.push(...liveObjectsOf(where, live));
  }
  return {
    gatheredAt: Date.now(),
    history,
    jobs,
    requests,
    kubernetesJobs: Map.groupBy(kubernetesJobs, ({ jobId }) => jobId),
    pods: Map.groupBy(withBeacons(pods, history.beacons, jobOfName), ({ jobId }) => jobId),
    jobOfName,
    liveObjects,
  };
}

async function foldHistory(path: string): Promise<HistoryEvidence> {
  const history = emptyHistory();
  for await (const entry of readHistory(path)) addEntry(history, entry);
  return history;
}

/** Job id by the name of its Kubernetes Job: also of jobs whose row is lost. */
function jobsByKubernetesName(history: HistoryEvidence, jobs: ReadonlyMap<string, StoredJob>): Map<string, string> {
  const names = new Map<string, string>();
  for (const [jobId, { created }] of history.jobs) {
    for (const { name } of created) names.set(kubernetesJobName(name, jobId), jobId);
  }
  for (const { id, name } of jobs.values()) names.set(kubernetesJobName(name, id), id);
  return names;
}

/** Evidence that is not there proves nothing. */
function requireRecords(
  { cluster, clusterId }: Pick<LiveObject, 'cluster' | 'clusterId'>,
  audit: AuditLog,
  jobs: ReadonlyMap<string, StoredJob>,
): void {
  if (audit.jobs.size > 0) return;
  const armed = [...jobs.values()].find((job) => job.clusterId === clusterId && job.kubernetesUid !== null);
  if (armed !== undefined) throw new Error(`${armed.id} was sent to ${cluster}, whose audit log says nothing`);
}
