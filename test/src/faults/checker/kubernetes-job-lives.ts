import type { KubernetesJobRecord } from './cluster-evidence.js';
import type { JobRequest } from './kubernetes-job-log.js';

/** One name in one cluster; several Kubernetes Jobs may have had it, one after another. */
export interface KubernetesName extends Pick<KubernetesJobRecord, 'cluster' | 'clusterId' | 'namespace' | 'name'> {
  /** Whose Kubernetes Job has this name, where no label says so; undefined: not one of ours. */
  readonly jobId: string | undefined;
}

/** All requests that were for one Kubernetes Job. */
type Life = JobRequest[];

/**
 * The Kubernetes Jobs that had a name. Each `create` that was answered made another one, since a name is free only when
 * the one before is gone; and a request that names a uid was for that one.
 * @param live what has the name now
 */
export function recordsOfName(
  name: KubernetesName,
  installation: string,
  requests: readonly JobRequest[],
  live?: JobRequest,
): KubernetesJobRecord[] {
  const lives: Life[] = [];
  const inOrder = requests.toSorted((left, right) => left.at - right.at);
  for (const request of live === undefined ? inOrder : [...inOrder, live]) lifeOf(lives, request).push(request);
  return lives.flatMap((life) => recordOf(name, installation, life) ?? []);
}

function lifeOf(lives: Life[], request: JobRequest): Life {
  const own = request.uid === null ? undefined : lives.find((life) => uidOf(life) === request.uid);
  const last = lives.at(-1);
  const makesAnother = request.verb === 'create' && !request.isDoubtful && !isDoubtful(last);
  const isOther = request.uid !== null && last !== undefined && uidOf(last) !== null;
  const life = own ?? (makesAnother || isOther ? undefined : last);
  if (life !== undefined) return life;
  const another: Life = [];
  lives.push(another);
  return another;
}

/** All that is known of it so far is that somebody tried to make it. */
function isDoubtful(life: Life | undefined): boolean {
  return life?.every((request) => request.isDoubtful) ?? false;
}

function uidOf(life: Life): string | null {
  return life.find(({ uid }) => uid !== null)?.uid ?? null;
}

/** Undefined where it is not of this installation, or nothing says for which job it was. */
function recordOf(name: KubernetesName, installation: string, life: Life): KubernetesJobRecord | undefined {
  const labelled = life.find((request) => request.jobId !== null);
  const jobId = labelled === undefined ? name.jobId : labelled.jobId;
  if (jobId == null || (labelled !== undefined && labelled.installation !== installation)) return undefined;
  const done = life.filter((request) => !request.isDoubtful);
  const created = life.find(({ verb }) => verb === 'create');
  const deleted = done.find(({ verb }) => verb === 'delete');
  return {
    ...name,
    jobId,
    uid: uidOf(life),
    createdAt: created?.at ?? null,
    createdBy: created?.by ?? null,
    changes: done.flatMap(({ at, by, suspend, intent, ofStatus }) =>
      suspend === null || ofStatus ? [] : [{ at, by, suspend, intent }],
    ),
    releasedAt: releasedAtOf(done),
    deletedAt: deleted?.at ?? null,
    deletedBy: deleted?.by ?? null,
    status: done.findLast(({ status }) => status !== null)?.status ?? null,
  };
}

/** Where the request itself is missing (its API server was killed before it wrote it down), it was after the one before. */
function releasedAtOf(life: Life): number | null {
  const first = life.findIndex(({ suspend }) => suspend === false);
  const released = life[first];
  if (released === undefined) return null;
  return released.ofStatus ? (life[first - 1] ?? released).at : released.at;
}

/** Its controller makes pods only while it is not suspended: that proves a release of which nothing else tells. */
export function releasedByPods(
  records: readonly KubernetesJobRecord[],
  pods: readonly { readonly kubernetesJobUid: string | null; readonly createdAt: number | null }[],
): KubernetesJobRecord[] {
  const madeAt = new Map(pods.map((pod) => [pod.kubernetesJobUid, pod.createdAt]));
  return records.map((record) => {
    if (record.releasedAt !== null || record.uid === null || !madeAt.has(record.uid)) return record;
    return { ...record, releasedAt: record.createdAt ?? madeAt.get(record.uid) ?? 0 };
  });
}
