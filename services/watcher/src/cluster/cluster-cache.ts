import { installationSelector, KUBERNETES_KEYS, ORGANIZATION_PLACEHOLDER } from '@ccluster/domain';
import {
  startReflector,
  type ClusterConnection,
  type ObjectChange,
  type Reflector,
  type ReflectorOptions,
} from '@ccluster/kubernetes';
import { steadyClock, type Logger } from '@ccluster/runtime';
import { parseKubernetesEvent, type AttemptStart, type KubernetesEvent } from '../objects/kubernetes-event.js';
import { parseKubernetesJob, type KubernetesJob } from '../objects/kubernetes-job.js';
import { parseKubernetesNode, type KubernetesNode } from '../objects/kubernetes-node.js';
import { podParser, type AttemptPod, type KubernetesPod, type PodParser } from '../objects/kubernetes-pod.js';
import type { EventsByReason } from '../observe/pod-reason.js';
import { EventIndex } from './event-index.js';
import { JobIndex } from './job-index.js';
import type { WatchScopes } from './permissions.js';
import type { WatchedKind } from './watch-metrics.js';
import { PodIndex } from './pod-index.js';
import { StartIndex } from './start-index.js';

const PAGE_SIZE = 500;
const RELIST_INTERVAL_MS = 600_000;

export interface ClusterCacheOptions {
  readonly connection: ClusterConnection;
  readonly installation: string;
  readonly clusterId: string;
  /** A name, or a template with `{organization}`: the namespaces of all organizations are seen then. */
  readonly namespace: string;
  readonly scopes: WatchScopes;
  /** Something about these jobs changed. Must return at once. */
  readonly onJobs: (jobIds: ReadonlySet<string>) => void;
  /** What nodes have or hold changed. Must return at once. */
  readonly onCapacity: () => void;
  readonly log: Logger;
}

/** What is seen of one cluster, kept up to date. Each kind lags by its own time: they are not in step. */
export class ClusterCache {
  readonly #options: ClusterCacheOptions;
  readonly #jobs = new JobIndex();
  readonly #attempts = new PodIndex();
  readonly #events = new EventIndex();
  readonly #starts = new StartIndex();
  readonly #pods: Reflector<KubernetesPod>;
  readonly #nodes: Reflector<KubernetesNode> | undefined;
  readonly #reflectors: Readonly<Record<string, Reflector<unknown>>>;

  constructor(options: ClusterCacheOptions) {
    const { namespace, scopes } = options;
    this.#options = options;
    // Together: one watch for each namespace of a template would be hundreds, and one that is missing would hold up all.
    const where = namespace.includes(ORGANIZATION_PLACEHOLDER) ? '' : `/namespaces/${namespace}`;
    this.#pods = this.#reflect<KubernetesPod>({
      path: scopes.allPods ? '/api/v1/pods' : `/api/v1${where}/pods`,
      toItem: parserOfPods(options),
      onChange: (changes) => this.#applyPods(changes),
    });
    const jobs = this.#reflect<KubernetesJob>({
      path: `/apis/batch/v1${where}/jobs`,
      query: { labelSelector: installationSelector(options.installation, options.clusterId) },
      toItem: parseKubernetesJob,
      onChange: (changes) => options.onJobs(this.#jobs.apply(changes)),
    });
    const events = this.#reflect<KubernetesEvent>({
      path: `/api/v1${where}/events`,
      toItem: parseKubernetesEvent,
      onChange: (changes) => this.#applyEvents(changes),
    });
    this.#nodes = scopes.nodes ? this.#reflectNodes() : undefined;
    this.#reflectors = { pods: this.#pods, jobs, events, ...(this.#nodes && { nodes: this.#nodes }) };
  }

  /** After the first whole list of each kind; rejects with the signal's reason. */
  async whenSynced(signal: AbortSignal): Promise<void> {
    await Promise.all(Object.values(this.#reflectors).map((reflector) => reflector.whenSynced(signal)));
  }

  findJob(jobId: string): KubernetesJob | undefined {
    return this.#jobs.find(jobId);
  }

  podsOf(jobId: string): Iterable<AttemptPod> {
    return this.#attempts.podsOf(jobId).values();
  }

  /** Of pods that are gone: those that had ended before, for a while. */
  departedOf(jobId: string): readonly AttemptPod[] {
    return this.#attempts.departedOf(jobId);
  }

  findPod(uid: string): AttemptPod | undefined {
    return this.#attempts.find(uid);
  }

  /** The start of this pod's container was not missed. */
  wasSeenWaiting(uid: string): boolean {
    return this.#attempts.wasSeenWaiting(uid);
  }

  eventsOf(uid: string): EventsByReason {
    return this.#events.eventsOf(uid);
  }

  /** By uid: attempts that have started, those that were never seen too. */
  startsOf(jobId: string): ReadonlyMap<string, AttemptStart> {
    return this.#starts.startsOf(jobId);
  }

  /** true where nodes may not be listed. */
  isNodeReady(name: string): boolean {
    return this.#nodes === undefined || this.#nodes.items().get(name)?.item.isReady === true;
  }

  /** null: without all nodes and all pods the room on them is not known. */
  nodes(): Iterable<KubernetesNode> | null {
    return this.#nodes === undefined || !this.#options.scopes.allPods ? null : itemsOf(this.#nodes);
  }

  pods(): Iterable<KubernetesPod> {
    return itemsOf(this.#pods);
  }

  kinds(): WatchedKind[] {
    return Object.entries(this.#reflectors).map(([kind, reflector]) => {
      const contactAtMs = reflector.lastContactAtMs();
      const silentForMs = contactAtMs && steadyClock.nowMs() - contactAtMs;
      return { kind, silentForMs, lists: reflector.lists() };
    });
  }

  /** The cluster answers again: no watch of it waits any longer to be opened. */
  retry(): void {
    for (const reflector of Object.values(this.#reflectors)) reflector.retry();
  }

  async stop(): Promise<void> {
    await Promise.all(Object.values(this.#reflectors).map((reflector) => reflector.stop()));
  }

  #reflectNodes(): Reflector<KubernetesNode> {
    return this.#reflect<KubernetesNode>({
      path: '/api/v1/nodes',
      toItem: parseKubernetesNode,
      onChange: (changes) => {
        for (const { key, item, previous } of changes) {
          if (item?.isReady !== previous?.isReady) this.#options.onJobs(this.#attempts.jobsOnNode(key));
        }
        this.#options.onCapacity();
      },
    });
  }

  #applyPods(changes: readonly ObjectChange<KubernetesPod>[]): void {
    this.#options.onJobs(this.#attempts.apply(changes));
    this.#options.onCapacity();
  }

  #applyEvents(changes: readonly ObjectChange<KubernetesEvent>[]): void {
    const started = this.#starts.apply(changes);
    this.#options.onJobs(new Set([...started, ...this.#jobsOf(this.#events.apply(changes))]));
  }

  #jobsOf(uids: ReadonlySet<string>): Set<string> {
    return new Set([...uids].flatMap((uid) => this.#attempts.find(uid)?.jobId ?? this.#jobs.jobIdOf(uid) ?? []));
  }

  #reflect<T>(
    kind: Pick<ReflectorOptions<T>, 'path' | 'toItem' | 'onChange'> & Partial<Pick<ReflectorOptions<T>, 'query'>>,
  ): Reflector<T> {
    return startReflector<T>({
      query: {},
      ...kind,
      connection: this.#options.connection,
      now: steadyClock.nowMs,
      random: Math.random,
      pageSize: PAGE_SIZE,
      relistIntervalMs: RELIST_INTERVAL_MS,
      log: this.#options.log,
    });
  }
}

/** Reads pods of this cluster, ours told from the others'. */
export function parserOfPods(scope: { readonly installation: string; readonly clusterId: string }): PodParser {
  return podParser({ [KUBERNETES_KEYS.installation]: scope.installation, [KUBERNETES_KEYS.cluster]: scope.clusterId });
}

function* itemsOf<T>(reflector: Reflector<T>): Generator<T> {
  for (const { item } of reflector.items().values()) yield item;
}
