import type { Beacon } from '../history.js';
import type { PodRecord } from './cluster-evidence.js';
import { partsOfPodName } from './cluster-records.js';

/** A beacon may be read this long after its container started: the sender waits 2 s, and this process may be busy. */
const LONGEST_WAY_MS = 5_000;

/** The pods with what they said themselves: that they started counts where no cluster wrote it down. */
export function withBeacons(
  pods: readonly PodRecord[],
  beacons: readonly (Beacon & { readonly at: number })[],
  jobOfName: ReadonlyMap<string, string>,
): PodRecord[] {
  const byName = new Map(pods.map((pod) => [pod.name, pod]));
  for (const beacon of beacons) {
    const pod = byName.get(beacon.hostname) ?? unknownPod(beacon, jobOfName);
    if (pod !== undefined) byName.set(pod.name, { ...pod, startedAt: pod.startedAt ?? beacon.at - LONGEST_WAY_MS });
  }
  return [...byName.values()];
}

function unknownPod({ hostname, address }: Beacon, jobOfName: ReadonlyMap<string, string>): PodRecord | undefined {
  const { kubernetesJobName, index } = partsOfPodName(hostname);
  const jobId = jobOfName.get(kubernetesJobName);
  if (jobId === undefined) return undefined;
  const nothing = { uid: null, kubernetesJobUid: null, createdAt: null, startedAt: null, endedAt: null };
  return { ...nothing, exitCode: null, deletedAt: null, cluster: address, clusterId: '', name: hostname, index, jobId };
}
