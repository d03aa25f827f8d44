import type { Beacon } from '../history.js';
import type { PodRecord } from './cluster-evidence.js';
import { partsOfHostname } from './cluster-records.js';

type TimedBeacon = Beacon & { readonly at: number };

/** A beacon may be read this long after its container started: the sender waits 2 s, and this process may be busy. */
const LONGEST_WAY_MS = 5_000;
/** Starts are written down in whole seconds, by another clock of this machine. */
const CLOCK_MS = 1_000;

/**
 * The pods with what they said themselves: that they started counts where no cluster wrote it down. A beacon tells of
 * which task it is, and not which attempt: one that no known start explains is taken for an attempt that is not known to
 * have started.
 */
export function withBeacons(
  pods: readonly PodRecord[],
  beacons: readonly TimedBeacon[],
  jobOfName: ReadonlyMap<string, string>,
): PodRecord[] {
  const byTask = Map.groupBy(pods, taskOf);
  const byTaskSaid = Map.groupBy(
    beacons.flatMap((beacon) => podOf(beacon, jobOfName) ?? []),
    taskOf,
  );
  for (const [task, said] of byTaskSaid) byTask.set(task, withStarts(byTask.get(task) ?? [], said));
  return [...byTask.values()].flat();
}

type StartedPod = PodRecord & { readonly startedAt: number };

function withStarts(pods: readonly PodRecord[], said: readonly StartedPod[]): PodRecord[] {
  const known = pods.filter(({ startedAt }) => startedAt !== null);
  const silent = pods.filter(({ startedAt }) => startedAt === null);
  const unexplained = said.filter((start) => {
    const at = known.findIndex((pod) => explains(pod, start));
    if (at !== -1) known.splice(at, 1);
    return at === -1;
  });
  const found = silent.map((pod, i) => ({ ...pod, startedAt: unexplained[i]?.startedAt ?? null }));
  return [...pods.filter(({ startedAt }) => startedAt !== null), ...found, ...unexplained.slice(silent.length)];
}

function explains({ startedAt }: PodRecord, said: StartedPod): boolean {
  const ms = (startedAt ?? 0) - said.startedAt;
  return ms >= -CLOCK_MS && ms <= LONGEST_WAY_MS + CLOCK_MS;
}

function taskOf({ jobId, index }: PodRecord): string {
  return `${jobId} ${index}`;
}

/** As much of a pod as a beacon tells. */
function podOf({ hostname, cluster, at }: TimedBeacon, jobOfName: ReadonlyMap<string, string>): StartedPod | undefined {
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
