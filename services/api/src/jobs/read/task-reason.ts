import type { PodRow } from '@ccluster/db';
import type { TaskStatus } from '@ccluster/domain';

/** What the attempt says that the task's status comes from: the one that succeeded, or the newest. */
export function taskReason(status: TaskStatus, attempts: readonly PodRow[]): PodRow['reason'] {
  const attempt = status === 'SUCCEEDED' ? attempts.findLast((pod) => pod.status === 'SUCCEEDED') : attempts.at(-1);
  return attempt?.reason ?? null;
}
