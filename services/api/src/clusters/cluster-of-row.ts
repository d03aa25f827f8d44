import type { ClusterRow } from '@ccluster/db';
import type { StatusReason } from '../graphql/status-reason.type.js';
import type { Cluster } from './cluster.type.js';

/** A cluster as callers see it. */
export function clusterOfRow(row: ClusterRow): Cluster {
  const { organizationId, unreachableSince, unreachableMessage, ...rest } = row;
  const reason = unreachableSince === null ? null : unreachable(unreachableSince, unreachableMessage);
  return {
    ...rest,
    ownership: organizationId === null ? 'MANAGED' : 'PRIVATE',
    status: statusOf(row),
    reason,
  };
}

function statusOf({ unreachableSince, draining }: ClusterRow): Cluster['status'] {
  if (unreachableSince !== null) return 'UNREACHABLE';
  return draining ? 'DRAINING' : 'HEALTHY';
}

function unreachable(since: Date, message: string | null): StatusReason {
  return { code: 'CLUSTER_UNREACHABLE', message: message ?? 'The cluster cannot be reached', since };
}
