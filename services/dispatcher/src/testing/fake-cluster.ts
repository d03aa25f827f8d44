import { kubernetesJobName } from '@ccluster/domain';
import { ClusterFault } from '../cluster/cluster-fault.js';
import type {
  ClusterWriter,
  InheritedStatus,
  IntentChange,
  JobOrder,
  KubernetesJobRef,
  KubernetesName,
  PostedJob,
  SeenKubernetesJob,
} from '../cluster/cluster-writer.js';

export type ClusterCall = keyof ClusterWriter;

/** `FAIL`: nothing happens. `LOSE_ANSWER`: it happens, and the caller cannot know. A function runs first. */
export type Interference = 'FAIL' | 'LOSE_ANSWER' | ClusterFault | (() => Promise<void> | void);

/** One cluster in memory, for interleavings that a real one would show once in a thousand runs. */
export class FakeCluster implements ClusterWriter {
  readonly jobs = new Map<string, SeenKubernetesJob>();
  /** Names of Secrets, with their owner's uid. */
  readonly secrets = new Map<string, string>();
  /** Indexes that each Kubernetes Job need not run, by its uid. */
  readonly inherited = new Map<string, string>();
  /** Uids that were ever released, in that order. */
  readonly released: string[] = [];
  /** Every call in its order. */
  readonly calls: ClusterCall[] = [];
  readonly #interferences: { readonly call: ClusterCall; readonly interference: Interference }[] = [];
  #lastNumber = 0;

  /** @param id under which it is registered */
  constructor(readonly id: string = 'fake') {}

  /** Applies to the next call of that kind; several are used up in their order. */
  interfere(call: ClusterCall, interference: Interference): void {
    this.#interferences.push({ call, interference });
  }

  postJob(order: JobOrder): Promise<PostedJob | undefined> {
    return this.#during('postJob', () => {
      const where = { namespace: order.namespace, name: kubernetesJobName(order.spec.name, order.jobId) };
      if (this.jobs.has(keyOf(where))) return undefined;
      const { jobId, epoch } = order;
      const uid = `uid-${this.#nextNumber()}`;
      const resourceVersion = this.#nextNumber();
      const made = { jobId, clusterId: this.id, epoch, intent: 0 };
      const job = { ...where, ...made, uid, resourceVersion, suspended: true, deleting: false };
      this.jobs.set(keyOf(where), job);
      return { job, warnings: [] };
    });
  }

  findJob(where: KubernetesName): Promise<SeenKubernetesJob | undefined> {
    return this.#during('findJob', () => this.jobs.get(keyOf(where)));
  }

  deleteJob(target: KubernetesJobRef): Promise<void> {
    return this.#during('deleteJob', () => {
      if (this.jobs.get(keyOf(target))?.uid !== target.uid) return;
      this.jobs.delete(keyOf(target));
      for (const [name, owner] of this.secrets) if (owner === target.uid) this.secrets.delete(name);
    });
  }

  inheritTasks(target: KubernetesJobRef, { completedIndexes }: InheritedStatus): Promise<boolean> {
    return this.#during('inheritTasks', () => {
      const job = this.jobs.get(keyOf(target));
      if (job?.uid !== target.uid || job.intent !== 0 || !job.suspended) return false;
      this.inherited.set(job.uid, completedIndexes);
      return true;
    });
  }

  postSecrets(order: JobOrder, owner: KubernetesJobRef): Promise<void> {
    return this.#during('postSecrets', () => {
      if (order.spec.env.length > 0) this.secrets.set(`${owner.name}-e${order.epoch}-env`, owner.uid);
    });
  }

  changeIntent(target: KubernetesJobRef, { from, to, suspend }: IntentChange): Promise<string | undefined> {
    return this.#during('changeIntent', () => {
      const job = this.jobs.get(keyOf(target));
      if (job?.uid !== target.uid || job.intent !== from) return undefined;
      const resourceVersion = this.#nextNumber();
      this.jobs.set(keyOf(target), { ...job, intent: to, suspended: suspend, resourceVersion });
      if (!suspend && !this.released.includes(job.uid)) this.released.push(job.uid);
      return resourceVersion;
    });
  }

  verifyIdentity(): Promise<void> {
    return this.#during('verifyIdentity', () => undefined);
  }

  async *listJobs(namespace: string): AsyncGenerator<readonly SeenKubernetesJob[]> {
    yield await this.#during('listJobs', () => [...this.jobs.values()].filter((job) => job.namespace === namespace));
  }

  #nextNumber(): string {
    return String((this.#lastNumber += 1));
  }

  /** Runs a call with whatever interference is due. */
  async #during<T>(call: ClusterCall, work: () => T): Promise<T> {
    this.calls.push(call);
    const due = this.#interferences.findIndex((each) => each.call === call);
    const interference = due === -1 ? undefined : this.#interferences.splice(due, 1)[0]?.interference;
    if (interference === 'FAIL') throw unanswered();
    if (interference instanceof ClusterFault) throw interference;
    if (typeof interference === 'function') await interference();
    const result = work();
    if (interference === 'LOSE_ANSWER') throw unanswered();
    return result;
  }
}

function keyOf({ namespace, name }: KubernetesName): string {
  return `${namespace}/${name}`;
}

function unanswered(): ClusterFault {
  return new ClusterFault('UNREACHABLE', 'No answer within 10000 ms');
}
