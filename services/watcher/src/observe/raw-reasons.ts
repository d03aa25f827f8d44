/** What a cluster says, and the stable code callers read for it. Whatever is in no table is passed on as it is. */

/** `state.waiting.reason` of a container. */
export const WAITING_CODES: Readonly<Record<string, string>> = {
  ErrImagePull: 'IMAGE_PULL_RETRYING',
  ImagePullBackOff: 'IMAGE_PULL_RETRYING',
  RegistryUnavailable: 'IMAGE_PULL_RETRYING',
  ImageInspectError: 'IMAGE_PULL_RETRYING',
  SignatureValidationFailed: 'IMAGE_PULL_RETRYING',
  InvalidImageName: 'IMAGE_PULL_FAILED',
  ErrImageNeverPull: 'IMAGE_PULL_FAILED',
  CreateContainerConfigError: 'CONFIG_ERROR',
  CreateContainerError: 'CONTAINER_START_FAILED',
  RunContainerError: 'CONTAINER_START_FAILED',
  PostStartHookError: 'CONTAINER_START_FAILED',
};

/** Events that say why a pod on a node does not start. */
export const SETUP_EVENTS = ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox', 'NetworkNotReady'] as const;

/** Reason of a pod's `DisruptionTarget` condition. */
export const DISRUPTION_CODES: Readonly<Record<string, string>> = {
  PreemptionByScheduler: 'PREEMPTED',
  EvictionByEvictionAPI: 'EVICTED',
  TerminationByKubelet: 'EVICTED',
  DeletionByTaintManager: 'NODE_LOST',
  DeletionByPodGC: 'NODE_LOST',
};

/** `status.reason` of a failed pod. */
export const POD_CODES: Readonly<Record<string, string>> = {
  Evicted: 'EVICTED',
  Preempting: 'PREEMPTED',
  NodeLost: 'NODE_LOST',
  NodeShutdown: 'NODE_LOST',
  Shutdown: 'NODE_LOST',
  Terminated: 'NODE_LOST',
  DeadlineExceeded: 'DEADLINE_EXCEEDED',
  UnexpectedAdmissionError: 'NODE_REFUSED',
  NodeAffinity: 'NODE_REFUSED',
};

/** `state.terminated.reason` of a container. */
export const TERMINATED_CODES: Readonly<Record<string, string>> = {
  OOMKilled: 'OOM_KILLED',
  StartError: 'CONTAINER_START_FAILED',
  ContainerCannotRun: 'CONTAINER_START_FAILED',
  CreateContainerError: 'CONTAINER_START_FAILED',
};

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

/** Of conditions `Failed` and `FailureTarget`: "BackoffLimitExceeded" is BACKOFF_LIMIT_EXCEEDED. */
export function codeOfReason(reason: string): string {
  return reason.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase() || 'FAILED';
}

/** What registries answer when trying again does not help: wrong credentials, no such image, no such host. */
const REFUSED =
  /\b40[134]\b|unauthorized|forbidden|denied|authentication required|not found|manifest unknown|name unknown|no such host|does not exist|invalid reference/i;

export function isRefusedByRegistry(message: string): boolean {
  return REFUSED.test(message);
}

const QUOTA = /exceeded quota/;
/** Namespaces and accounts that are only just being made or removed, which passes. */
const PASSING = /error looking up service account|unable to create new content|failed calling webhook|Internal error/;
const POLICY = /violates PodSecurity|denied the request|is forbidden|is invalid/;

/** Code of a `FailedCreate` event: why the job controller could not make a pod. */
export function codeOfFailedCreate(message: string): 'QUOTA_EXCEEDED' | 'POLICY_REFUSED' | 'POD_CREATION_FAILED' {
  if (QUOTA.test(message)) return 'QUOTA_EXCEEDED';
  return !PASSING.test(message) && POLICY.test(message) ? 'POLICY_REFUSED' : 'POD_CREATION_FAILED';
}
