import type { ObservedPod } from '@ccluster/db';
import type { AttemptPod } from '../objects/kubernetes-pod.js';
import { podReason, type PodContext } from './pod-reason.js';
import { isDisruption } from './raw-reasons.js';
import { hasStarted, podStatus } from './pod-status.js';

/** One attempt as it is recorded. */
export function observePod(pod: AttemptPod, context: PodContext, enableLogging: boolean): ObservedPod {
  const { container } = pod;
  const status = podStatus(pod);
  const hasEnded = status === 'SUCCEEDED' || status === 'FAILED';
  const started = hasStarted(pod);
  return {
    uid: pod.uid,
    name: pod.name,
    index: pod.index,
    status,
    reason: podReason(pod, status, context),
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
