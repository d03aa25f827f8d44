import type { ObservedPod } from '@ccluster/db';
import type { AttemptPod } from '../objects/kubernetes-pod.js';
import { causeOf } from './finding.js';
import { podReason, type PodContext } from './pod-reason.js';
import { hasStarted, podStatus } from './pod-status.js';
import { isDisruption } from './raw-reasons.js';
import type { Held } from './troubles.js';

export interface SeenPod {
  /** As it is recorded. */
  readonly pod: ObservedPod;
  /** By which rule it waits; null: by none, or it does not wait. */
  readonly held: Held | null;
}

export function observePod(pod: AttemptPod, context: PodContext, enableLogging: boolean): SeenPod {
  const status = podStatus(pod);
  const finding = podReason(pod, status, context);
  const rule = status === 'PENDING' ? (finding?.rule ?? null) : null;
  return {
    pod: { ...recordOf(pod, enableLogging), reason: finding === null ? null : causeOf(finding) },
    held: rule === null ? null : { rule, words: finding?.words ?? '' },
  };
}

function recordOf(pod: AttemptPod, enableLogging: boolean): Omit<ObservedPod, 'reason'> {
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
    logless: last.logless || last.nodeName === null,
  };
}
