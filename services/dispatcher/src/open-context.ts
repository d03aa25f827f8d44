import { createSealer, findClusterAccess, openDatabase, type RecordedChange } from '@ccluster/db';
import {
  connectRedis,
  createWakeUpPublisher,
  topics,
  type DispatchQueue,
  type PublishWakeUp,
} from '@ccluster/messaging';
import {
  crashingAt,
  measuredSteps,
  steadyClock,
  systemClock,
  tracedSteps,
  type Lifecycle,
  type Logger,
  type Metrics,
} from '@ccluster/runtime';
import { createClusterConnections } from './cluster/cluster-connections.js';
import { createClusterGate } from './cluster/cluster-gate.js';
import { openKubernetesCluster } from './cluster/open-kubernetes-cluster.js';
import type { Config } from './config.js';
import type { DispatchContext } from './dispatch-context.js';
import { countingClaims, measureDispatch } from './dispatch-metrics.js';
import { readJobSecrets } from './job-secrets.js';
import { createPlacementTurns } from './placement-turns.js';

const PLACE_WAIT_MS = 500;

export interface OpenContextOptions {
  readonly config: Config;
  readonly queue: DispatchQueue;
  readonly lifecycle: Lifecycle;
  readonly metrics: Metrics;
  readonly log: Logger;
}

/** Opens what the steps of a dispatch work with; each part is given up when the lifecycle stops. */
export function openContext(options: OpenContextOptions): DispatchContext {
  const { config, queue, lifecycle, metrics, log } = options;
  const database = openDatabase({
    url: config.databaseUrl,
    // Each worker holds one at most; the loops and the health check need a few.
    maxConnections: config.concurrency + 4,
    applicationName: 'ccluster-dispatcher',
    onIdleError: (error) => log.warn({ error }, 'An idle connection to PostgreSQL was lost'),
  });
  lifecycle.onStop('database', () => database.close());
  const sealer = createSealer(config.encryptionKeys);
  const crashing = crashingAt('dispatcher', config.crashAt);
  const connections = createClusterConnections(
    (clusterId) => findClusterAccess(database.db, clusterId),
    (access) => openKubernetesCluster(access, sealer, config, tracedSteps(measuredSteps(crashing, metrics, access.id))),
  );
  lifecycle.onStop('clusters', () => connections.close());
  const { nowMs } = steadyClock;
  return {
    database,
    connections,
    gate: createClusterGate({
      places: Math.max(Math.floor(config.concurrency / 2), 1),
      waitMs: PLACE_WAIT_MS,
      nowMs,
    }),
    placementTurns: createPlacementTurns(),
    readSecrets: (jobId) => readJobSecrets(database.db, sealer, jobId),
    publish: openPublisher(options),
    hint: ({ jobId, eventSequence }) => void queue.hint({ jobId, version: eventSequence }),
    finishedRetentionMs: config.finishedRetentionMs,
    nowMs,
    atRisk: tracedSteps(countingClaims(measuredSteps(crashing, metrics), metrics)),
    log,
  };
}

function openPublisher({ config, lifecycle, metrics, log }: OpenContextOptions): DispatchContext['publish'] {
  const redis = connectRedis(config.redis.url, { role: 'queue', log });
  lifecycle.onStop('publisher', () => redis.disconnect());
  const publish = createWakeUpPublisher({ redis, prefix: config.redis.prefix, log });
  return (change) => {
    measureDispatch(metrics, change, systemClock.nowMs());
    publishChange(publish, change);
  };
}

function publishChange(publish: PublishWakeUp, { jobId, organizationId, eventSequence: seq }: RecordedChange): void {
  void publish(topics.job, { jobId, seq });
  void publish(topics.jobs, { organizationId, jobId, seq });
}
