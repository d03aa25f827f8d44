import type { Database, KeyedHash, Sealer } from '@ccluster/db';
import type { CreateJobLimits } from '@ccluster/domain';
import type { ClusterAddresses } from '@ccluster/kubernetes';
import type { DispatchQueue, PublishWakeUp, WakeUps } from '@ccluster/messaging';
import type { AtRisk, Clock, Logger } from '@ccluster/runtime';

/** What use cases work with; made once, in `main.ts`. */
export interface Services {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly keyedHash: () => Promise<KeyedHash>;
  readonly dispatchQueue: DispatchQueue;
  readonly publish: PublishWakeUp;
  readonly wakeUps: WakeUps;
  readonly limits: CreateJobLimits;
  readonly clusterAddresses: ClusterAddresses;
  readonly clock: Clock;
  /** Around each step that outlives this process. */
  readonly atRisk: AtRisk<'api'>;
  readonly log: Logger;
}
