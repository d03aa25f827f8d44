import { KubeConfig, Watch, type V1Pod } from '@kubernetes/client-node';
import type { TestEnvironment } from '@ccluster/testkit';

/** Moments by the clock of `performance.now()`, milliseconds; undefined: not yet. */
interface SeenPods {
  /** A pod of the job was first there. */
  firstMs: number | undefined;
  /** A pod of the job had first ended, or was gone. */
  endedMs: number | undefined;
  readonly running: Set<string>;
}

export interface PodWatch {
  of(jobId: string): SeenPods;
  stop(): void;
}

/** When pods of jobs come and go, as the cluster itself tells: a poll would be late by as long as it takes. */
export async function watchPods({ kubeconfig }: TestEnvironment['clusters'][number]): Promise<PodWatch> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const seen = new Map<string, SeenPods>();
  const of = (jobId: string): SeenPods => {
    const pods = seen.get(jobId) ?? { firstMs: undefined, endedMs: undefined, running: new Set() };
    seen.set(jobId, pods);
    return pods;
  };
  const onChange = (phase: string, pod: V1Pod): void => {
    const jobId = pod.metadata?.labels?.['ccluster.io/job-id'];
    if (jobId !== undefined) note(of(jobId), phase, pod);
  };
  const query = { labelSelector: 'ccluster.io/job-id' };
  const ended = (error: unknown) => error instanceof Error && error.name !== 'AbortError' && console.error(error);
  const watching = await new Watch(config).watch('/api/v1/namespaces/ccluster-jobs/pods', query, onChange, ended);
  return { of, stop: () => watching.abort() };
}

function note(pods: SeenPods, phase: string, { metadata, status }: V1Pod): void {
  const name = metadata?.name ?? '';
  const hasEnded = phase === 'DELETED' || status?.phase === 'Succeeded' || status?.phase === 'Failed';
  pods.firstMs ??= performance.now();
  if (hasEnded) pods.endedMs ??= performance.now();
  if (!hasEnded && status?.phase === 'Running') pods.running.add(name);
  else pods.running.delete(name);
}
