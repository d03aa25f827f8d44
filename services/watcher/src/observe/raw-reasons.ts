/** Events that say why a pod on a node does not start. */
export const SETUP_EVENTS = [
  'FailedMount',
  'FailedAttachVolume',
  'FailedMapVolume',
  'FailedCreatePodSandBox',
  'FailedPrepareDynamicResources',
  'NetworkNotReady',
] as const;

/** An attempt that ended by one of these did not fail by itself: it was stopped, or its node was. */
const FOREIGN_CODES = new Set([
  'STOPPED',
  'EVICTED',
  'PREEMPTED',
  'NODE_LOST',
  'NODE_REFUSED',
  'DEADLINE_EXCEEDED',
  'POD_GONE',
]);
/** Loss of the node, not the job's doing, and without a limit of Kubernetes' own. */
const DISRUPTIONS = new Set(['EVICTED', 'PREEMPTED', 'NODE_LOST']);

export function isForeignEnd(code: string): boolean {
  return FOREIGN_CODES.has(code);
}

export function isDisruption(code: string): boolean {
  return DISRUPTIONS.has(code);
}

/** "BackoffLimitExceeded" is BACKOFF_LIMIT_EXCEEDED. */
export function codeOfReason(reason: string): string {
  return reason.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase() || 'FAILED';
}
