import type { ReasonSource } from './reason-rule.js';

/** A rule as it is written in configuration; patterns are regular expressions without regard to case. */
export interface RuleSettings {
  readonly from: ReasonSource;
  /** Default: any reason. */
  readonly reason?: string | undefined;
  /** Default: any message. */
  readonly message?: string | undefined;
  readonly code: string;
  /** null, the default: the job waits. */
  readonly failsAfterSeconds?: number | null | undefined;
  /** Default: `code`. */
  readonly failsAs?: string | undefined;
  readonly continues?: boolean | undefined;
}

const PULL = 'ErrImagePull|ImagePullBackOff|RegistryUnavailable|ImageInspectError|SignatureValidationFailed';
/** The registry, or the network on the way, is not well: trying again helps. */
const PULL_PASSING =
  'too ?many ?requests|\\b429\\b|\\b50[0-4] [A-Z]|i/o timeout|timed out|deadline exceeded|connection re(fused|set)' +
  '|(prepare|extraction|parent) snapshot|no space left|pull qps exceeded|context canceled|unexpected eof';
/** Wrong credentials, no such image, no such host: trying again does not help. */
const PULL_REFUSED =
  '\\b40[134] (unauthorized|forbidden|not found)|status(code)?( code)?:? ?40[134]\\b|unauthorized|forbidden|denied' +
  '|authentication required|authorization (failed|required)|auth credentials|unauthenticated|invalid username/password' +
  '|not found|manifest unknown|name unknown|no such host|does not exist|invalid reference|no match(ing manifest)? for' +
  '|no scope specified';

/** What waits, what fails and after how long, where configuration says nothing else. In this order. */
export const DEFAULT_REASON_RULES: Readonly<Record<string, RuleSettings>> = {
  'scheduling-gated': { from: 'SCHEDULING', reason: 'SchedulingGated', code: 'SCHEDULING_GATED' },
  unschedulable: { from: 'SCHEDULING', code: 'UNSCHEDULABLE' },

  'image-name': {
    from: 'CONTAINER_WAITING',
    reason: 'InvalidImageName|ErrImageNeverPull',
    code: 'IMAGE_PULL_FAILED',
    failsAfterSeconds: 0,
  },
  'image-pull-backoff': {
    from: 'CONTAINER_WAITING',
    reason: 'ImagePullBackOff',
    message: '^(Back-off pulling image "")?$',
    code: 'IMAGE_PULL_RETRYING',
    failsAfterSeconds: 900,
    failsAs: 'IMAGE_PULL_FAILED',
    continues: true,
  },
  'image-pull-passing': {
    from: 'CONTAINER_WAITING',
    reason: PULL,
    message: PULL_PASSING,
    code: 'IMAGE_PULL_RETRYING',
    failsAfterSeconds: 900,
    failsAs: 'IMAGE_PULL_FAILED',
  },
  'image-pull-refused': {
    from: 'CONTAINER_WAITING',
    reason: PULL,
    message: PULL_REFUSED,
    code: 'IMAGE_PULL_RETRYING',
    failsAfterSeconds: 90,
    failsAs: 'IMAGE_PULL_FAILED',
  },
  'image-pull': {
    from: 'CONTAINER_WAITING',
    reason: PULL,
    code: 'IMAGE_PULL_RETRYING',
    failsAfterSeconds: 900,
    failsAs: 'IMAGE_PULL_FAILED',
  },
  'container-config': {
    from: 'CONTAINER_WAITING',
    reason: 'CreateContainerConfigError',
    code: 'CONFIG_ERROR',
    failsAfterSeconds: 60,
  },
  'container-start-passing': {
    from: 'CONTAINER_WAITING',
    reason: 'CreateContainerError|RunContainerError',
    message: 'is reserved|deadline exceeded|no space left|timed? ?out|too many open files|connection re(fused|set)',
    code: 'CONTAINER_START_FAILED',
    failsAfterSeconds: 900,
  },
  'container-start': {
    from: 'CONTAINER_WAITING',
    reason: 'CreateContainerError|RunContainerError|PostStartHookError',
    code: 'CONTAINER_START_FAILED',
    failsAfterSeconds: 60,
  },
  'pod-setup': { from: 'SETUP_EVENT', code: 'POD_SETUP_FAILED' },

  quota: { from: 'FAILED_CREATE', message: 'exceeded quota', code: 'QUOTA_EXCEEDED' },
  policy: {
    from: 'FAILED_CREATE',
    message: 'violates PodSecurity|denied (the )?request|against any (pod security policy|security context constraint)',
    code: 'POLICY_REFUSED',
    failsAfterSeconds: 0,
  },
  'creation-passing': {
    from: 'FAILED_CREATE',
    message:
      'looking up service account|being terminated|failed calling webhook|internal error|status unknown for quota' +
      '|time(d )?out|unable to handle the request|object has been modified|serviceaccount "" not found',
    code: 'POD_CREATION_FAILED',
  },
  // An API server that has just started refuses everybody until it knows their roles, Kubernetes' own controllers too.
  'creator-refused': {
    from: 'FAILED_CREATE',
    message: 'user "[^"]*" cannot create resource',
    code: 'POD_CREATION_FAILED',
  },
  'never-created': {
    from: 'FAILED_CREATE',
    message: 'is forbidden|is invalid',
    code: 'POLICY_REFUSED',
    failsAfterSeconds: 0,
  },
  creation: { from: 'FAILED_CREATE', code: 'POD_CREATION_FAILED' },

  'out-of-memory': { from: 'CONTAINER_TERMINATED', reason: 'OOMKilled', code: 'OOM_KILLED' },
  'too-little-memory-to-start': {
    from: 'CONTAINER_TERMINATED',
    reason: 'StartError|ContainerCannotRun|CreateContainerError',
    message: 'OOM-killed|unable to set memory limit|minimum memory limit',
    code: 'OOM_KILLED',
  },
  'start-error': {
    from: 'CONTAINER_TERMINATED',
    reason: 'StartError|ContainerCannotRun|CreateContainerError',
    code: 'CONTAINER_START_FAILED',
  },
  'container-lost': { from: 'CONTAINER_TERMINATED', reason: 'ContainerStatusUnknown', code: 'CONTAINER_LOST' },

  evicted: { from: 'POD_FAILED', reason: 'Evicted', code: 'EVICTED' },
  'preempted-on-node': { from: 'POD_FAILED', reason: 'Preempting|Preempted', code: 'PREEMPTED' },
  'node-shutdown': { from: 'POD_FAILED', reason: 'NodeLost|NodeShutdown|Shutdown|Terminated', code: 'NODE_LOST' },
  'pod-deadline': { from: 'POD_FAILED', reason: 'DeadlineExceeded', code: 'DEADLINE_EXCEEDED' },
  'node-refused': {
    from: 'POD_FAILED',
    reason:
      'OutOf.+|UnexpectedAdmissionError|NodeAffinity|NodePorts|NodeName|NodeUnschedulable|TaintToleration' +
      '|TopologyAffinityError|InvalidNodeInfo|UnknownPredicateFailureType|PodOS.+|AppArmor|SysctlForbidden',
    code: 'NODE_REFUSED',
  },

  'preempted-by-scheduler': {
    from: 'DISRUPTION',
    reason: 'PreemptionBy(Kube)?Scheduler',
    code: 'PREEMPTED',
  },
  'preempted-by-kubelet': {
    from: 'DISRUPTION',
    reason: 'TerminationByKubelet',
    message: 'preempted',
    code: 'PREEMPTED',
  },
  'node-shutting-down': {
    from: 'DISRUPTION',
    reason: 'TerminationByKubelet',
    message: 'shutdown|shutting',
    code: 'NODE_LOST',
  },
  'node-lost': { from: 'DISRUPTION', reason: 'DeletionByTaintManager|DeletionByPodGC', code: 'NODE_LOST' },
  disrupted: { from: 'DISRUPTION', code: 'EVICTED' },
};
