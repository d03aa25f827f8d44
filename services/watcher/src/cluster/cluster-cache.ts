import { installationSelector, KUBERNETES_KEYS } from '@ccluster/domain';
import { startReflector, type ClusterConnection, type ObjectChange, type Reflector, type ToItem } from '@ccluster/kubernetes';
import type { Logger } from '@ccluster/runtime';
import { parseKubernetesEvent } from '../objects/kubernetes-event.js';
import { parseKubernetesJob, type KubernetesJob } from '../objects/kubernetes-job.js';
import { parseKubernetesNode, type KubernetesNode } from '../objects/kubernetes-node.js';
import { podParser, type AttemptPod, type KubernetesPod } from '../objects/kubernetes-pod.js';
import type { EventsByReason } from '../observe/pod-reason.js';
import { EventIndex } from './event-index.js';
import { JobIndex } from './job-index.js';
import type { WatchScopes } from './permissions.js';
import { PodIndex } from './pod-index.js';

const PAGE_SIZE = 500;
const RELIST_INTERVAL_MS = 600_000;

export interface ClusterCacheOptions {
  readonly connection: ClusterConnection;
  readonly installation: string;
  readonly clusterId: string;
  readonly namespace: string;
  readonly scopes: WatchScopes;
  /** Something about these jobs changed. Must return at once. */
  readonly onJobs: (jobIds: ReadonlySet<string>) => void;
  /** What nodes have or hold changed. Must return at once. */
  readonly onCapacity: () => void;
  readonly log: Logger;
}

/** What is seen of one cluster, kept up to date. Each kind lags by its own time: they are not in step. */
export interface ClusterCache {
  /** After the first whole list of each kind. */
  whenSynced(signal: AbortSignal): Promise<void>;
  findJob(jobId: string): KubernetesJob | undefined;
  podsOf(jobId: string): Iterable<AttemptPod>;
  findPod(uid: string): AttemptPod | undefined;
  eventsOf(uid: string): EventsByReason;
  /** true where nodes may not be listed. */
  isNodeReady(name: string): boolean;
  /** null: they may not be listed. */
  nodes(): Iterable<KubernetesNode> | null;
  pods(): Iterable<KubernetesPod>;
  stop(): Promise<void>;
}

export function startClusterCache(options: ClusterCacheOptions): ClusterCache {
  const { namespace, scopes, onJobs, onCapacity } = options;
  const selector = installationSelector(options.installation, options.clusterId);
  const jobs = new JobIndex();
  const pods = new PodIndex();
  const events = new EventIndex();
  const reflect = <T>(path: string, toItem: ToItem<T>, onChange: (changes: readonly ObjectChange<T>[]) => void, labelSelector?: string) =>
    startReflector<T>({
      connection: options.connection,
      path,
      query: labelSelector === undefined ? {} : { labelSelector },
      toItem,
      onChange,
      now: Date.now,
      random: Math.random,
      pageSize: PAGE_SIZE,
      relistIntervalMs: RELIST_INTERVAL_MS,
      log: options.log,
    });
  const jobReflector = reflect(`/apis/batch/v1/namespaces/${namespace}/jobs`, parseKubernetesJob, (changes) => onJobs(jobs.apply(changes)), selector);
  const podReflector = reflect(scopes.allPods ? '/api/v1/pods' : `/api/v1/namespaces/${namespace}/pods`, parserOfPods(options), (changes) => {
    onJobs(pods.apply(changes));
    onCapacity();
  });
  const eventReflector = reflect(`/api/v1/namespaces/${namespace}/events`, parseKubernetesEvent, (changes) => {
    const subjects = [...events.apply(changes)];
    onJobs(new Set(subjects.flatMap((uid) => pods.find(uid)?.jobId ?? jobs.jobIdOf(uid) ?? [])));
  });
  const nodeReflector = scopes.nodes
    ? reflect('/api/v1/nodes', parseKubernetesNode, (changes) => {
        for (const change of changes) if (change.item?.isReady !== change.previous?.isReady) onJobs(pods.jobsOnNode(change.key));
        onCapacity();
      })
    : undefined;
  const reflectors = [jobReflector, podReflector, eventReflector, ...(nodeReflector === undefined ? [] : [nodeReflector])];
  return {
    whenSynced: async (signal) => {
      await Promise.all(reflectors.map((reflector) => reflector.whenSynced(signal)));
    },
    findJob: (jobId) => jobs.find(jobId),
    podsOf: (jobId) => pods.podsOf(jobId).values(),
    findPod: (uid) => pods.find(uid),
    eventsOf: (uid) => events.eventsOf(uid),
    isNodeReady: (name) => nodeReflector?.items().get(name)?.item.isReady ?? nodeReflector === undefined,
    nodes: () => (nodeReflector === undefined ? null : itemsOf(nodeReflector)),
    pods: () => itemsOf(podReflector),
    stop: async () => {
      await Promise.all(reflectors.map((reflector) => reflector.stop()));
    },
  };
}

/** Reads pods of this cluster, ours told from the others'. */
export function parserOfPods(scope: { readonly installation: string; readonly clusterId: string }): ToItem<KubernetesPod> {
  return podParser({ [KUBERNETES_KEYS.installation]: scope.installation, [KUBERNETES_KEYS.cluster]: scope.clusterId });
}

function* itemsOf<T>(reflector: Reflector<T>): Generator<T> {
  for (const { item } of reflector.items().values()) yield item;
}
