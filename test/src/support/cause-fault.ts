import type { TestEnvironment } from '@ccluster/testkit';

type ClusterPart = 'api-server' | 'etcd' | 'kubelet' | 'controller-manager' | 'scheduler';

/** A process of the environment: with a cluster's name before it, a part of that cluster. */
export type FaultTarget = 'postgres' | 'redis' | `${string}/${ClusterPart}`;

/** `kill` and `pause` last until `start` and `resume`. Only etcd has the last three. */
export type Fault = 'kill' | 'start' | 'restart' | 'pause' | 'resume' | 'snapshot' | 'restore' | 'wipe';

/** Breaks a part of the environment, or mends it; resolves when that is done, and what was started is ready. */
export async function causeFault(
  { faultsUrl }: Pick<TestEnvironment, 'faultsUrl'>,
  target: FaultTarget,
  fault: Fault,
): Promise<void> {
  if (faultsUrl === null) throw new Error('Nothing of this environment is ours to break');
  const response = await fetch(`${faultsUrl}/${target}/${fault}`, { method: 'POST' });
  if (response.status !== 204) throw new Error(`${fault} of ${target} failed: ${await response.text()}`);
}
