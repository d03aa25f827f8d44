import { kubernetesJobName } from '@ccluster/domain';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type { ClusterWriter, JobOrder, KubernetesName, SeenKubernetesJob } from '../cluster/cluster-writer.js';

export type ClusterCall = Exclude<keyof ClusterWriter, 'listJobs'>;

/** `FAIL`: nothing happens. `LOSE_ANSWER`: it happens, and the caller cannot know. A function runs first. */
export type Interference = 'FAIL' | 'LOSE_ANSWER' | ClusterFault | (() => Promise<void>);

/** One cluster in memory, for interleavings that a real one would show once in a thousand runs. */
export interface FakeCluster extends ClusterWriter {
  readonly jobs: Map<string, SeenKubernetesJob>;
  /** Uids that were ever released, in that order. */
  readonly released: string[];
  /** Names of Secrets, with their owner's uid. */
  readonly secrets: Map<string, string>;
  /** Every call in its order. */
  readonly calls: ClusterCall[];
  /** Applies to the next call of that kind; more than one are used up in their order. */
  interfere(call: ClusterCall, interference: Interference): void;
}

export function createFakeCluster(): FakeCluster {
  const jobs = new Map<string, SeenKubernetesJob>();
  const secrets = new Map<string, string>();
  const released: string[] = [];
  const calls: ClusterCall[] = [];
  const interferences: { readonly call: ClusterCall; readonly interference: Interference }[] = [];
  let lastNumber = 0;
  const nextNumber = () => String((lastNumber += 1));

  /** Runs a call with whatever interference is due. */
  const during = async <T>(call: ClusterCall, work: () => T): Promise<T> => {
    calls.push(call);
    const due = interferences.findIndex((each) => each.call === call);
    const interference = due === -1 ? undefined : interferences.splice(due, 1)[0]?.interference;
    if (interference === 'FAIL') throw lost();
    if (interference instanceof ClusterFault) throw interference;
    if (typeof interference === 'function') await interference();
    const result = work();
    if (interference === 'LOSE_ANSWER') throw lost();
    return result;
  };

  const post = (order: JobOrder) => {
    const where = { namespace: order.namespace, name: kubernetesJobName(order.spec.name, order.jobId) };
    if (jobs.has(keyOf(where))) return undefined;
    const job: SeenKubernetesJob = {
      ...where,
      uid: `uid-${nextNumber()}`,
      resourceVersion: nextNumber(),
      jobId: order.jobId,
      epoch: order.epoch,
      intent: 0,
      suspended: true,
      deleting: false,
    };
    jobs.set(keyOf(where), job);
    return { job, warnings: [] };
  };

  const find = (where: KubernetesName, uid: string) => {
    const job = jobs.get(keyOf(where));
    return job?.uid === uid ? job : undefined;
  };

  return {
    jobs,
    secrets,
    released,
    calls,
    interfere: (call, interference) => void interferences.push({ call, interference }),
    postJob: (order) => during('postJob', () => post(order)),
    findJob: (where) => during('findJob', () => jobs.get(keyOf(where))),
    deleteJob: (job) =>
      during('deleteJob', () => {
        if (find(job, job.uid) === undefined) return;
        jobs.delete(keyOf(job));
        for (const [name, owner] of secrets) if (owner === job.uid) secrets.delete(name);
      }),
    postSecrets: (order, owner) =>
      during('postSecrets', () => {
        if (order.spec.env.length > 0) secrets.set(`${owner.name}-e${order.epoch}-env`, owner.uid);
      }),
    changeIntent: (target, { from, to, suspend }) =>
      during('changeIntent', () => {
        const job = find(target, target.uid);
        if (job === undefined || job.intent !== from) return undefined;
        const resourceVersion = nextNumber();
        jobs.set(keyOf(target), { ...job, intent: to, suspended: suspend, resourceVersion });
        if (!suspend && !released.includes(job.uid)) released.push(job.uid);
        return resourceVersion;
      }),
    verifyIdentity: () => during('verifyIdentity', () => undefined),
    listJobs: async function* (namespace) {
      yield await Promise.resolve([...jobs.values()].filter((job) => job.namespace === namespace));
    },
  };
}

function keyOf({ namespace, name }: KubernetesName): string {
  return `${namespace}/${name}`;
}

function lost(): ClusterFault {
  return new ClusterFault('UNREACHABLE', 'No answer within 10000 ms');
}
