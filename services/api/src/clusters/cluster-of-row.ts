import type { ClusterRow } from '@ccluster/db';
import type { StatusReason } from '../graphql/status-reason.type.js';
import type { Cluster } from './cluster.type.js';

/** A watcher that lives says every 10 s that a cluster answers, and another takes over within 15 s. */
const WATCHED_WITHIN_MS = 60_000;

/** A cluster as callers see it. */
export function clusterOfRow(row: ClusterRow): Cluster {
  const {
    organizationId,
    unreachableSince: _,
    unreachableMessage: __,
    drainingSince: ___,
    silentForMs: ____,
    ...rest
  } = row;
  const health = healthOf(row);
  return { ...rest, ownership: organizationId === null ? 'MANAGED' : 'PRIVATE', ...health };
}

function healthOf(row: ClusterRow): Pick<Cluster, 'status' | 'reason'> {
  const { unreachableSince, unreachableMessage, silentForMs, lastSeenAt, createdAt, draining, drainingSince } = row;
  if (unreachableSince !== null) {
    const message = unreachableMessage ?? 'The cluster cannot be reached';
    return { status: 'UNREACHABLE', reason: reason('CLUSTER_UNREACHABLE', message, unreachableSince) };
  }
  if (silentForMs > WATCHED_WITHIN_MS) {
    const message = 'No watcher has heard from the cluster for a while: whether it answers is not known';
    return { status: 'UNREACHABLE', reason: reason('CLUSTER_NOT_WATCHED', message, lastSeenAt ?? createdAt) };
  }
  if (!draining) return { status: 'HEALTHY', reason: null };
  const message = 'It is being drained: it takes no new jobs, and those that run there go on';
  return { status: 'DRAINING', reason: reason('CLUSTER_DRAINING', message, drainingSince ?? createdAt) };
}

function reason(code: string, message: string, since: Date): StatusReason {
  return { code, message, since };
}
