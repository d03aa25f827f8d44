import { findTrueCondition, type Condition } from '../objects/fields.js';
import type { KubernetesEvent } from '../objects/kubernetes-event.js';
import type { AttemptPod, ContainerState } from '../objects/kubernetes-pod.js';
import { explainUnschedulable } from './explain-unschedulable.js';
import type { PodPhase } from './pod-status.js';
import {
  codeOfReason,
  DISRUPTION_CODES,
  POD_CODES,
  SETUP_EVENTS,
  TERMINATED_CODES,
  WAITING_CODES,
} from './raw-reasons.js';

/** Why something waits or failed: a stable code, and a sentence with the cluster's own words. */
export interface Cause {
  readonly code: string;
  readonly message: string;
}

/** The newest event about one object, by its reason. */
export type EventsByReason = ReadonlyMap<string, KubernetesEvent>;

export const noEvents: EventsByReason = new Map();

export interface PodContext {
  readonly events: EventsByReason;
  /** false: its node does not answer; true where that is not known. */
  readonly isNodeReady: boolean;
  /** Its index is in Kubernetes' `completedIndexes`. */
  readonly isCounted: boolean;
}

/** Why a pod is in its status; null where there is nothing to say. */
export function podReason(pod: AttemptPod, status: PodPhase, context: PodContext): Cause | null {
  switch (status) {
    case 'PENDING':
      return pod.nodeName === null ? unscheduledReason(pod) : startingReason(pod, pod.nodeName, context.events);
    case 'RUNNING':
      return runningReason(pod, context);
    case 'SUCCEEDED':
      return successReason(pod, context);
    case 'FAILED':
      return failureReason(pod);
  }
}

function unscheduledReason(pod: AttemptPod): Cause | null {
  const scheduled = pod.conditions.find((each) => each.type === 'PodScheduled' && each.status === 'False');
  if (scheduled === undefined) return null;
  if (scheduled.reason === 'SchedulingGated')
    return { code: 'SCHEDULING_GATED', message: `Held back: ${scheduled.message}` };
  return { code: 'UNSCHEDULABLE', message: explainUnschedulable(scheduled.message) };
}

function startingReason(pod: AttemptPod, nodeName: string, events: EventsByReason): Cause | null {
  if (pod.container.state !== 'WAITING') return null;
  const { reason } = pod.container;
  const message = pod.container.message || (events.get('Failed')?.message ?? '');
  const code = WAITING_CODES[reason];
  if (code !== undefined) return { code, message: withWords(SENTENCES[code] ?? reason, message) };
  const setup = setupTrouble(events);
  if (setup !== undefined)
    return { code: 'POD_SETUP_FAILED', message: `${nodeName} cannot set up the pod yet: ${setup.message}` };
  if (isPulling(events)) return { code: 'IMAGE_PULLING', message: `${nodeName} is pulling the image` };
  const isOrdinary = reason === '' || reason === 'ContainerCreating' || reason === 'PodInitializing';
  return isOrdinary ? null : { code: codeOfReason(reason), message: withWords(reason, message) };
}

const SENTENCES: Readonly<Record<string, string>> = {
  IMAGE_PULL_RETRYING: 'The image cannot be pulled, and is tried again',
  IMAGE_PULL_FAILED: 'The image can never be pulled',
  CONFIG_ERROR: 'A Secret or setting of the container is missing',
  CONTAINER_START_FAILED: 'The container cannot be started',
  OOM_KILLED: 'Out of memory: the container needed more than the instance type has',
};

function withWords(sentence: string, words: string): string {
  return words === '' ? sentence : `${sentence}: ${words}`;
}

/** The kubelet tells of each pull when it begins and when it has succeeded; a tie is over. */
function isPulling(events: EventsByReason): boolean {
  const pulling = events.get('Pulling');
  return pulling !== undefined && pulling.atMs > (events.get('Pulled')?.atMs ?? -1);
}

/** Trouble before the image is pulled; what came before a pull began is over. */
function setupTrouble(events: EventsByReason): KubernetesEvent | undefined {
  const passedAtMs = Math.max(events.get('Pulling')?.atMs ?? -1, events.get('Pulled')?.atMs ?? -1);
  return SETUP_EVENTS.map((reason) => events.get(reason)).find(
    (event) => event !== undefined && event.atMs > passedAtMs,
  );
}

function runningReason(pod: AttemptPod, { isNodeReady }: PodContext): Cause | null {
  const disruption = findTrueCondition(pod.conditions, 'DisruptionTarget');
  if (disruption !== undefined) return disruptionReason(disruption);
  if (isNodeReady && pod.phase !== 'Unknown') return null;
  return { code: 'NODE_LOST', message: `${pod.nodeName ?? 'Its node'} does not answer: the result is not known` };
}

function successReason(pod: AttemptPod, { isCounted }: PodContext): Cause | null {
  const disruption = findTrueCondition(pod.conditions, 'DisruptionTarget');
  if (isCounted && disruption !== undefined) {
    return {
      code: 'SUCCEEDED_AFTER_DISRUPTION',
      message: withWords('Counted as a success after a disruption', disruption.message),
    };
  }
  return isCounted || !wasStopped(pod)
    ? null
    : { code: 'STOPPED', message: 'Ended with exit code 0 when it was told to stop: not counted as a success' };
}

function failureReason(pod: AttemptPod): Cause {
  const disruption = findTrueCondition(pod.conditions, 'DisruptionTarget');
  if (disruption !== undefined) return disruptionReason(disruption);
  if (pod.reason !== '') {
    const code = POD_CODES[pod.reason] ?? (pod.reason.startsWith('OutOf') ? 'NODE_REFUSED' : codeOfReason(pod.reason));
    return { code, message: withWords(pod.reason, pod.message) };
  }
  if (wasStopped(pod)) return { code: 'STOPPED', message: withWords('Stopped', exitText(pod.container)) };
  return exitReason(pod.container);
}

function disruptionReason({ reason, message }: Condition): Cause {
  return { code: DISRUPTION_CODES[reason] ?? 'EVICTED', message: withWords(reason, message) };
}

/** It was told to stop before it ended by itself. */
function wasStopped({ stopRequestedAt, container }: AttemptPod): boolean {
  if (stopRequestedAt === null) return false;
  return container.state !== 'TERMINATED' || container.finishedAt === null || stopRequestedAt <= container.finishedAt;
}

function exitReason(container: ContainerState): Cause {
  if (container.state !== 'TERMINATED')
    return { code: 'POD_FAILED', message: 'Failed without a result of its container' };
  const code = TERMINATED_CODES[container.reason];
  if (code === undefined) return { code: 'EXIT_CODE', message: exitText(container) };
  return {
    code,
    message: withWords(SENTENCES[code] ?? container.reason, code === 'OOM_KILLED' ? '' : container.message),
  };
}

const SIGNALS: Readonly<Record<number, string>> = {
  129: 'SIGHUP',
  130: 'SIGINT',
  134: 'SIGABRT',
  137: 'SIGKILL',
  139: 'SIGSEGV',
  143: 'SIGTERM',
};

function exitText(container: ContainerState): string {
  if (container.state !== 'TERMINATED') return '';
  const signal = SIGNALS[container.exitCode];
  return `Exit code ${container.exitCode}${signal === undefined ? '' : ` (${signal})`}`;
}
