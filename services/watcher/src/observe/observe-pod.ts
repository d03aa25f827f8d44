import type { ObservedPod, PodReason } from '@ccluster/db';
import type { AttemptStart } from '../objects/kubernetes-event.js';
import type { AttemptPod } from '../objects/kubernetes-pod.js';
import { causeOf, wordsIn, type Finding } from './finding.js';
import { podReason, type PodContext } from './pod-reason.js';
import { hasStarted, podStatus } from './pod-status.js';
import { isDisruption } from './raw-reasons.js';
import type { ReasonRules } from './reason-rule.js';
import type { Held } from './troubles.js';

export interface SeenPod {
  /** As it is recorded. */
  readonly pod: ObservedPod;
  /** By which rule it waits; null: by none, or it does not wait. */
  readonly held: Held | null;
}

/** @param recorded the reason that was recorded of this pod last */
export function observePod(
  pod: AttemptPod,
  context: PodContext,
  enableLogging: boolean,
  recorded: PodReason | null,
): SeenPod {
  const status = podStatus(pod);
  const finding = orStanding(podReason(pod, status, context), recorded, context.rules);
  const rule = status === 'PENDING' ? (finding?.rule ?? null) : null;
  const reason = finding === null ? null : causeOf(finding);
  return {
    pod: { ...recordOf(pod, enableLogging), reason, heldBy: rule?.name ?? null },
    held: rule === null ? null : { rule, words: finding?.words ?? '' },
  };
}

/** Between two tries older kubelets say only that they wait: then the answer before still stands. */
function orStanding(finding: Finding | null, recorded: PodReason | null, rules: ReasonRules): Finding | null {
  if (finding?.rule?.continues !== true || recorded?.code !== finding.code) return finding;
  const rule = rules.find(({ name }) => name === recorded.heldBy?.rule);
  return rule === undefined ? finding : { ...causeOf(recorded), words: wordsIn(recorded), rule };
}

function recordOf(pod: AttemptPod, enableLogging: boolean): Omit<ObservedPod, 'reason' | 'heldBy'> {
  const { container } = pod;
  const status = podStatus(pod);
  const hasEnded = status === 'SUCCEEDED' || status === 'FAILED';
  const started = hasStarted(pod);
  return {
    uid: pod.uid,
    name: pod.name,
    index: pod.index,
    status,
    exitCode: container.state === 'TERMINATED' ? container.exitCode : null,
    nodeName: pod.nodeName,
    imageDigest: pod.imageDigest,
    createdAt: pod.createdAt,
    startedAt: started && container.state !== 'WAITING' ? container.startedAt : null,
    finishedAt: hasEnded && container.state === 'TERMINATED' ? container.finishedAt : null,
    logless: !enableLogging || (hasEnded && !started),
  };
}

/**
 * An attempt whose pod disappeared before its result was seen: never a success. Where it never had a node, nothing of
 * it can have run.
 */
export function lostPod(last: ObservedPod): ObservedPod {
  const message =
    last.nodeName === null
      ? 'The pod was removed before it had a node'
      : 'The pod disappeared before its result was seen';
  const isKnown = last.reason !== null && isDisruption(last.reason.code);
  return {
    ...last,
    status: 'LOST',
    reason: isKnown ? last.reason : { code: 'POD_GONE', message },
    heldBy: null,
    logless: last.logless || last.nodeName === null,
  };
}

/** An attempt of which only the event of its start is known: its pod came and went while nobody watched. */
export function unseenPod({ uid, name, index, at }: AttemptStart, enableLogging: boolean): ObservedPod {
  return {
    uid,
    name,
    index,
    status: 'LOST',
    reason: { code: 'POD_GONE', message: 'The pod started and was removed before it was seen' },
    heldBy: null,
    exitCode: null,
    nodeName: null,
    imageDigest: null,
    createdAt: at,
    startedAt: at,
    finishedAt: null,
    logless: !enableLogging,
  };
}
