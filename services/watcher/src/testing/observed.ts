import type { ObservedPod } from '@ccluster/db';
import type { KubernetesEvent } from '../objects/kubernetes-event.js';
import type { EventsByReason } from '../observe/pod-reason.js';

/** An attempt at index 0 that runs. */
export function anObservedPod(overrides: Partial<ObservedPod> = {}): ObservedPod {
  return {
    uid: 'pod-uid',
    name: 'train-0-abcde',
    index: 0,
    status: 'RUNNING',
    reason: null,
    exitCode: null,
    nodeName: 'node-1',
    imageDigest: null,
    createdAt: new Date('2026-01-01T00:00:10Z'),
    startedAt: new Date('2026-01-01T00:00:20Z'),
    finishedAt: null,
    heldBy: null,
    logless: false,
    ...overrides,
  };
}

export function because(code: string, message = 'words'): { readonly code: string; readonly message: string } {
  return { code, message };
}

export function events(...all: readonly (readonly [reason: string, atMs: number, message?: string])[]): EventsByReason {
  return new Map<string, KubernetesEvent>(
    all.map(([reason, atMs, message = '']) => [reason, { subjectUid: 'uid', reason, message, atMs, start: null }]),
  );
}
