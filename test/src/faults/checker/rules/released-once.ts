import type { Violation } from '../../violation.js';
import type { KubernetesJobRecord } from '../cluster-evidence.js';
import { clock, type Evidence } from '../evidence.js';

/**
 * I1, promise 3: over all clusters, and at whatever times, at most one Kubernetes Job of a job is ever released; and if
 * one is, then the one that was armed.
 */
export function checkReleasedOnce(evidence: Evidence): Violation[] {
  return [...evidence.kubernetesJobs].flatMap(([jobId, records]) => {
    const released = records.filter(({ releasedAt }) => releasedAt !== null);
    if (released.length > 1) {
      const what = `${released.length} Kubernetes Jobs were released: ${released.map(describe).join('; ')}`;
      return [{ rule: 'I1', subject: jobId, what } as const];
    }
    return released.flatMap((record) => checkArmed(evidence, record));
  });
}

function checkArmed({ jobs }: Evidence, record: KubernetesJobRecord): Violation[] {
  const job = jobs.get(record.jobId);
  if (job === undefined || record.uid === null || record.uid === job.kubernetesUid) return [];
  const armed = job.kubernetesUid === null ? 'none was armed' : `armed is ${job.kubernetesUid}`;
  return [{ rule: 'P3 released once', subject: job.id, what: `${describe(record)} was released, but ${armed}` }];
}

function describe({ cluster, name, uid, releasedAt, changes }: KubernetesJobRecord): string {
  const by = changes.find(({ suspend }) => !suspend)?.by ?? 'nobody knows whom';
  return `${cluster} ${name} (${uid ?? 'unknown uid'}) at ${clock(releasedAt ?? 0)} by ${by}`;
}
