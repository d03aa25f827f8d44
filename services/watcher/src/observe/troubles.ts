import type { ObservedPod } from '@ccluster/db';
import { isRefusedByRegistry } from './raw-reasons.js';

/** How long a pod may be in trouble before its job is given up, milliseconds. */
export interface Graces {
  /** The registry refuses: credentials, name, host. */
  readonly imagePullRefusedMs: number;
  /** No pull succeeds, whatever the reason. */
  readonly imagePullMs: number;
  /** The container's settings or its start are wrong. */
  readonly startErrorMs: number;
}

/** A pod that waits for something that does not come by itself. Times are of the watcher's own clock. */
interface Trouble {
  readonly kind: 'IMAGE' | 'SETTINGS';
  readonly sinceMs: number;
  /** null: the registry's last answer was not a refusal. */
  readonly refusedSinceMs: number | null;
}

/** By the pod's uid. */
export type Troubles = ReadonlyMap<string, Trouble>;

export const noTroubles: Troubles = new Map();

/** Which pods are in trouble now, and since when: those of before that still are keep their time. */
export function withTroubles(known: Troubles, pods: readonly ObservedPod[], nowMs: number): Troubles {
  const troubles = new Map<string, Trouble>();
  for (const pod of pods) {
    const trouble = troubleOf(pod, known.get(pod.uid), nowMs);
    if (trouble !== undefined) troubles.set(pod.uid, trouble);
  }
  return troubles;
}

function troubleOf(pod: ObservedPod, known: Trouble | undefined, nowMs: number): Trouble | undefined {
  const kind = kindOf(pod);
  if (kind === undefined) return undefined;
  const before = known?.kind === kind ? known : undefined;
  return {
    kind,
    sinceMs: before?.sinceMs ?? nowMs,
    refusedSinceMs: kind === 'IMAGE' ? refusedSince(pod.reason?.message ?? '', before, nowMs) : null,
  };
}

function kindOf(pod: ObservedPod): Trouble['kind'] | undefined {
  if (pod.status !== 'PENDING') return undefined;
  switch (pod.reason?.code) {
    case 'IMAGE_PULL_RETRYING':
      return 'IMAGE';
    case 'CONFIG_ERROR':
    case 'CONTAINER_START_FAILED':
      return 'SETTINGS';
    default:
      return undefined;
  }
}

/** Between two tries older kubelets say only that they wait: then the answer before still stands. */
function refusedSince(message: string, before: Trouble | undefined, nowMs: number): number | null {
  if (isRefusedByRegistry(message)) return before?.refusedSinceMs ?? nowMs;
  const saysNothing = /Back-off pulling image "[^"]*"$/.test(message);
  return saysNothing ? (before?.refusedSinceMs ?? null) : null;
}
