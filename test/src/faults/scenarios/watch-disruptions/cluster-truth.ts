import { setTimeout as sleep } from 'node:timers/promises';

import { KUBERNETES_KEYS } from '@ccluster/domain';
import {
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  makeInformer,
  type Informer,
  type KubernetesObject,
  type V1Job,
  type V1Pod,
} from '@kubernetes/client-node';

import { GONE, isOver, podStage } from './stages.js';

const NAMESPACE = 'ccluster-jobs';
const RESTART_AFTER_MS = 500;

/** Told of each step that a pod or Kubernetes Job of the installation takes. */
export interface StageObserver {
  pod(uid: string, stage: number): void;
  job(uid: string, succeeded: number, isOver: boolean): void;
  jobGone(uid: string): void;
}

/** What one cluster itself says all along, past the proxy and the product. */
export class ClusterTruth {
  /** By job id. */
  readonly jobs = new Map<string, V1Job>();
  readonly #observer: StageObserver;
  readonly #informers: readonly Informer<KubernetesObject>[];
  #isStopped = false;

  private constructor(kubeconfig: string, installation: string, observer: StageObserver) {
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const labelSelector = `${KUBERNETES_KEYS.installation}=${installation}`;
    const where = { namespace: NAMESPACE, labelSelector };
    const core = config.makeApiClient(CoreV1Api);
    const batch = config.makeApiClient(BatchV1Api);
    const podsPath = `/api/v1/namespaces/${NAMESPACE}/pods`;
    const jobsPath = `/apis/batch/v1/namespaces/${NAMESPACE}/jobs`;
    const pods = makeInformer<V1Pod>(config, podsPath, () => core.listNamespacedPod(where), labelSelector);
    const jobs = makeInformer<V1Job>(config, jobsPath, () => batch.listNamespacedJob(where), labelSelector);
    this.#observer = observer;
    this.#informers = [pods, jobs];
    pods.on('add', (pod) => this.#sawPod(pod, podStage(pod)));
    pods.on('update', (pod) => this.#sawPod(pod, podStage(pod)));
    pods.on('delete', (pod) => this.#sawPod(pod, GONE));
    jobs.on('add', (job) => this.#sawJob(job));
    jobs.on('update', (job) => this.#sawJob(job));
    jobs.on('delete', ({ metadata }) => observer.jobGone(metadata?.uid ?? ''));
  }

  static async start(kubeconfig: string, installation: string, observer: StageObserver): Promise<ClusterTruth> {
    const truth = new ClusterTruth(kubeconfig, installation, observer);
    for (const informer of truth.#informers) {
      // One that fails stops for good.
      informer.on('error', () => void truth.#startAgain(informer));
      await informer.start();
    }
    return truth;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const informer of this.#informers) await informer.stop();
  }

  async #startAgain(informer: Informer<KubernetesObject>): Promise<void> {
    await sleep(RESTART_AFTER_MS);
    if (!this.#isStopped) await informer.start();
  }

  #sawPod({ metadata }: V1Pod, stage: number): void {
    this.#observer.pod(metadata?.uid ?? '', stage);
  }

  #sawJob(job: V1Job): void {
    this.jobs.set(job.metadata?.labels?.[KUBERNETES_KEYS.jobId] ?? '', job);
    this.#observer.job(job.metadata?.uid ?? '', job.status?.succeeded ?? 0, isOver(job));
  }
}
