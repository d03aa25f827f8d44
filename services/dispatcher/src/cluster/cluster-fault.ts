export type ClusterFaultKind =
  /** No answer, or one that does not count: what was asked for may or may not have happened. */
  | 'UNREACHABLE'
  /** The cluster takes nothing from us: the credentials cannot be read here, are not known there, or may do nothing. */
  | 'CLUSTER_REFUSED'
  /** It takes nothing from us in this one namespace: that is not there, or ends, or permissions are missing in it. */
  | 'NAMESPACE_REFUSED'
  /** The cluster will never take this order. */
  | 'POLICY_REFUSED'
  /** The cluster takes it as soon as a quota has room. */
  | 'QUOTA_EXCEEDED'
  /** Not now; nothing happened. */
  | 'BUSY'
  /** It is registered no more: nothing there can be reached, nor is to be. */
  | 'REMOVED';

/** A call to a cluster that did not succeed. The message is for people: the cluster's own words, never a secret's. */
export class ClusterFault extends Error {
  override readonly name = 'ClusterFault';

  constructor(
    readonly kind: ClusterFaultKind,
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** Whether the fault says something about the cluster, or about a namespace of it, and not only about one call. */
export function concernsCluster({ kind }: ClusterFault): boolean {
  return kind === 'UNREACHABLE' || kind === 'CLUSTER_REFUSED' || kind === 'NAMESPACE_REFUSED';
}
