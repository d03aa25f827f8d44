import type { RecordedChange, WokenJob } from '@ccluster/db';
import { needsDispatcher } from '@ccluster/domain';
import { topics, type DispatchQueue, type PublishWakeUp } from '@ccluster/messaging';

/** Tells others, after the commit, what was recorded. Never fails: whoever is not told reads again by itself. */
export interface Announcer {
  change(change: RecordedChange): void;
  logs(jobIds: ReadonlySet<string>): void;
  /** A cluster is watched no more, so that another may take it, or it answers again. */
  cluster(clusterId: string): Promise<unknown>;
  /** The room of a cluster has changed, and these jobs that waited for some are due. */
  capacity(clusterId: string, woken: readonly WokenJob[]): void;
}

export function createAnnouncer(publish: PublishWakeUp, queue: Pick<DispatchQueue, 'hint' | 'hintMany'>): Announcer {
  return {
    change: ({ jobId, organizationId, before, after, eventSequence: seq }) => {
      void publish(topics.job, { jobId, seq });
      void publish(topics.jobs, { organizationId, jobId, seq });
      if (before !== after && needsDispatcher(after)) void queue.hint({ jobId, version: seq });
    },
    logs: (jobIds) => {
      for (const jobId of jobIds) void publish(topics.logs, { jobId });
    },
    cluster: (clusterId) => publish(topics.clusters, { clusterId }),
    capacity: (clusterId, woken) => {
      void publish(topics.capacity, { clusterId });
      void queue.hintMany(woken.map(({ id, eventSequence }) => ({ jobId: id, version: eventSequence })));
    },
  };
}
