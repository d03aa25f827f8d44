import { findTrueCondition, type Condition } from '../objects/fields.js';
import type { KubernetesEvent } from '../objects/kubernetes-event.js';
import type { AttemptPod, ContainerState } from '../objects/kubernetes-pod.js';
import { explainUnschedulable } from './explain-unschedulable.js';
import { findingOf, ownFinding, withWords, type Finding } from './finding.js';
import type { PodPhase } from './pod-status.js';
import { SETUP_EVENTS } from './raw-reasons.js';
import { findRule, type ReasonRules } from './reason-rule.js';

/** The newest event about one object, by its reason. */
export type EventsByReason = ReadonlyMap<string, KubernetesEvent>;

export const noEvents: EventsByReason = new Map();

export interface PodContext {
  readonly rules: ReasonRules;
  readonly events: EventsByReason;
  /** false: its node does not answer; true where that is not known. */
  readonly isNodeReady: boolean;
  /** Its index is in Kubernetes' `completedIndexes`. */
  readonly isCounted: boolean;
}

/** Why a pod is in its status; null where there is nothing to say. */
export function podReason(pod: AttemptPod, status: PodPhase, context: PodContext): Finding | null {
  switch (status) {
    case 'PENDING':
      return pod.nodeName === null ? unscheduledReason(pod, context) : startingReason(pod, pod.nodeName, context);
    case 'RUNNING':
      return runningReason(pod, context);
    case 'SUCCEEDED':
      return successReason(pod, context);
    case 'FAILED':
      return failureReason(pod, context);
  }
}

function unscheduledReason(pod: AttemptPod, { rules }: PodContext): Finding | null {
  const scheduled = pod.conditions.find((each) => each.type === 'PodScheduled' && each.status === 'False');
  if (scheduled === undefined) return null;
  const finding = findingOf(rules, 'SCHEDULING', scheduled.reason, scheduled.message);
  return scheduled.reason === 'SchedulingGated'
    ? finding
    : { ...finding, message: explainUnschedulable(scheduled.message) };
}

/** Said while nothing is wrong, too. */
const ORDINARY_REASONS = new Set(['', 'ContainerCreating', 'PodInitializing']);

function startingReason(pod: AttemptPod, nodeName: string, { rules, events }: PodContext): Finding | null {
  if (pod.container.state !== 'WAITING') return null;
  const { reason } = pod.container;
  const words = pod.container.message || (events.get('Failed')?.message ?? '');
  if (findRule(rules, 'CONTAINER_WAITING', reason, words) !== undefined)
    return findingOf(rules, 'CONTAINER_WAITING', reason, words);
  const setup = setupTrouble(events);
  if (setup !== undefined) {
    const finding = findingOf(rules, 'SETUP_EVENT', setup.reason, setup.message);
    return { ...finding, message: `${nodeName} cannot set up the pod yet: ${setup.message}` };
  }
  if (isPulling(events)) return ownFinding('IMAGE_PULLING', `${nodeName} is pulling the image`);
  return ORDINARY_REASONS.has(reason) ? null : findingOf(rules, 'CONTAINER_WAITING', reason, words);
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

function runningReason(pod: AttemptPod, { rules, isNodeReady }: PodContext): Finding | null {
  const disruption = findTrueCondition(pod.conditions, 'DisruptionTarget');
  if (disruption !== undefined) return disruptionReason(rules, disruption);
  if (isNodeReady && pod.phase !== 'Unknown') return null;
  const known = `${pod.nodeName ?? 'Its node'} does not answer: the result is not known`;
  return ownFinding('NODE_LOST', withWords(known, pod.message));
}

function successReason(pod: AttemptPod, { isCounted }: PodContext): Finding | null {
  const disruption = findTrueCondition(pod.conditions, 'DisruptionTarget');
  if (isCounted && disruption !== undefined) {
    const message = withWords('Counted as a success after a disruption', disruption.message);
    return ownFinding('SUCCEEDED_AFTER_DISRUPTION', message);
  }
  return isCounted || !wasStopped(pod)
    ? null
    : ownFinding('STOPPED', 'Ended with exit code 0 when it was told to stop: not counted as a success');
}

function failureReason(pod: AttemptPod, { rules }: PodContext): Finding {
  const disruption = findTrueCondition(pod.conditions, 'DisruptionTarget');
  if (disruption !== undefined) return disruptionReason(rules, disruption);
  if (pod.reason !== '') return findingOf(rules, 'POD_FAILED', pod.reason, pod.message);
  if (wasStopped(pod)) return ownFinding('STOPPED', withWords('Stopped', exitText(pod.container)));
  return exitReason(pod, rules);
}

function disruptionReason(rules: ReasonRules, { reason, message }: Condition): Finding {
  return findingOf(rules, 'DISRUPTION', reason, message);
}

/** It was told to stop before it ended by itself. */
function wasStopped({ stopRequestedAt, container }: AttemptPod): boolean {
  if (stopRequestedAt === null) return false;
  return container.state !== 'TERMINATED' || container.finishedAt === null || stopRequestedAt <= container.finishedAt;
}

/** Of a container that ran: its message is its own output, which belongs to its log. */
const RAN_REASONS = new Set(['', 'Completed', 'Error', 'OOMKilled']);

function exitReason({ container }: AttemptPod, rules: ReasonRules): Finding {
  if (container.state !== 'TERMINATED') return ownFinding('POD_FAILED', 'Failed without a result of its container');
  const words = RAN_REASONS.has(container.reason) ? '' : container.message;
  return findRule(rules, 'CONTAINER_TERMINATED', container.reason, words) === undefined
    ? ownFinding('EXIT_CODE', withWords(exitText(container), words))
    : findingOf(rules, 'CONTAINER_TERMINATED', container.reason, words);
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
