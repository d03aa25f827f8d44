import type { PodRow } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import type { RequestContext } from '../http/request-context.js';

/** Throws NOT_FOUND, for a pod of another job as for one that is not there. */
export async function getPod({ loaders }: RequestContext, jobId: string, podId: string): Promise<PodRow> {
  const pod = await loaders.pod.load(podId);
  if (pod?.jobId !== jobId) throw new DomainError('NOT_FOUND', `The job has no pod ${JSON.stringify(podId)}`);
  return pod;
}
