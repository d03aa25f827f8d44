import type { ClusterRow } from '@ccluster/db';
import type { StatusReason } from '../graphql/status-reason.type.js';
import type { Cluster } from './cluster.type.js';

/** A cluster as callers see it. */
export function clusterOfRow(row: ClusterRow): Cluster {
  const { organizationId, unreachableSince: _, unreachableMessage: __, drainingSince: ___, ...rest } = row;
  return {
    ...rest,
    ownership: organizationId === null ? 'MANAGED' : 'PRIVATE',
    status: statusOf(row),
    reason: reasonOf(row),
  };
}

function reasonOf(row: ClusterRow): StatusReason | null {
  const { unreachableSince, unreachableMessage, draining, drainingSince, createdAt } = row;
  if (unreachableSince !== null) return unreachable(unreachableSince, unreachableMessage);
  if (!draining) return null;
  const message = 'It is being drained: it takes no new jobs, and those that run there go on';
  return { code: 'CLUSTER_DRAINING', message, since: drainingSince ?? createdAt };
}

function statusOf({ unreachableSince, draining }: ClusterRow): Cluster['status'] {
  if (unreachableSince !== null) return 'UNREACHABLE';
  return draining ? 'DRAINING' : 'HEALTHY';
}

function unreachable(since: Date, message: string | null): StatusReason {
  return { code: 'CLUSTER_UNREACHABLE', message: message ?? 'The cluster cannot be reached', since };
}
