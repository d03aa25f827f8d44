import type { Beacon } from '../history.js';
import type { PodRecord } from './cluster-evidence.js';
import { partsOfHostname } from './cluster-records.js';

/** A beacon may be read this long after its container started: the sender waits 2 s, and this process may be busy. */
const LONGEST_WAY_MS = 5_000;

/**
 * The pods with what they said themselves: that they started counts where no cluster wrote it down. A beacon tells of
 * which task it is, and not which attempt: it is taken for one that is not known to have started.
 */
export function withBeacons(
  pods: readonly PodRecord[],
  beacons: readonly (Beacon & { readonly at: number })[],
  jobOfName: ReadonlyMap<string, string>,
): PodRecord[] {
  const all = [...pods];
  const byTask = Map.groupBy(
    all.map((_, i) => i),
    (i) => taskOf(all[i]!),
  );
  for (const beacon of beacons) {
    const pod = podOf(beacon, jobOfName);
    if (pod === undefined) continue;
    const known = byTask.get(taskOf(pod)) ?? [];
    const silent = known.find((i) => all[i]!.startedAt === null);
    if (silent !== undefined) all[silent] = { ...all[silent]!, startedAt: pod.startedAt };
    else if (known.length === 0) byTask.set(taskOf(pod), [all.push(pod) - 1]);
  }
  return all;
}

function taskOf({ jobId, index }: PodRecord): string {
  return `${jobId} ${index}`;
}

function podOf({ hostname, cluster, at }: Beacon & { readonly at: number }, jobOfName: ReadonlyMap<string, string>) {
  const { kubernetesJobName, index } = partsOfHostname(hostname);
  const jobId = jobOfName.get(kubernetesJobName);
  if (jobId === undefined) return undefined;
  const nothing = {
    uid: null,
    kubernetesJobUid: null,
    createdAt: null,
    endedAt: null,
    exitCode: null,
    deletedAt: null,
  };
  const where = { cluster, clusterId: '', name: hostname };
  return { ...nothing, ...where, startedAt: at - LONGEST_WAY_MS, index, jobId };
}
