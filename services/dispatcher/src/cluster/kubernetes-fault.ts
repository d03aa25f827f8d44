import { toKubernetesFault, type KubernetesFault } from '@ccluster/kubernetes';
import { ClusterFault, type ClusterFaultKind } from './cluster-fault.js';

/** What a call to a cluster threw, in our words; the reason of an aborted signal stays as it is. */
export function toClusterFault(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (error instanceof ClusterFault) return error;
  const fault = toKubernetesFault(error);
  return new ClusterFault(faultKind(fault), fault.message, { cause: fault });
}

/** Exported for its table. */
export function faultKind(fault: Pick<KubernetesFault, 'kind' | 'status' | 'reason' | 'message'>): ClusterFaultKind {
  switch (fault.kind) {
    case 'UNAUTHORIZED':
      return 'CLUSTER_REFUSED';
    // Only what a call needs and does not name itself can be missing here: the namespace.
    case 'NOT_FOUND':
      return 'NAMESPACE_REFUSED';
    case 'FORBIDDEN':
      return kindOfForbidden(fault.message);
    case 'INVALID':
      return isVerdictOnObject(fault) ? 'POLICY_REFUSED' : 'UNREACHABLE';
    case 'TOO_MANY_REQUESTS':
      return 'BUSY';
    default:
      return 'UNREACHABLE';
  }
}

/**
 * 403 is the answer of the authorizer, of a quota and of a policy; only their sentences tell them apart. A refusal
 * without one (it concerned a Secret) is not held against the job.
 */
function kindOfForbidden(message: string): ClusterFaultKind {
  if (/exceeded quota/.test(message)) return 'QUOTA_EXCEEDED';
  // Where a namespace is not there, the permissions in it are not there either.
  if (/\bcannot \w+ resource\b.* in the namespace\b|being terminated/.test(message)) return 'NAMESPACE_REFUSED';
  if (/\bcannot \w+ resource\b/.test(message)) return 'CLUSTER_REFUSED';
  return /is forbidden|denied/.test(message) ? 'POLICY_REFUSED' : 'CLUSTER_REFUSED';
}

/** An API server's own answer has a reason; that of a proxy in front of it has none and says nothing about the object. */
function isVerdictOnObject({ status, reason }: Pick<KubernetesFault, 'status' | 'reason'>): boolean {
  return reason !== undefined && (status === 400 || status === 413 || status === 422);
}
