import { KUBERNETES_KEYS } from '@ccluster/domain';
import type { InheritedStatus, IntentChange } from './cluster-writer.js';

const INTENT = `/metadata/annotations/${KUBERNETES_KEYS.intent.replace('/', '~1')}`;

/** One step or nothing: it is refused where the uid or the intent is another. */
export function intentPatch(uid: string, { from, to, suspend }: IntentChange) {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: INTENT, value: String(from) },
    { op: 'replace', path: INTENT, value: String(to) },
    { op: 'replace', path: '/spec/suspend', value: suspend },
  ];
}

/**
 * For the status, while the Kubernetes Job is as it was posted: on one that was ever released it would be accepted too,
 * and the controller would run too few tasks or too many.
 */
export function inheritancePatch(uid: string, { completedIndexes, succeeded }: InheritedStatus) {
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: INTENT, value: '0' },
    { op: 'test', path: '/spec/suspend', value: true },
    // `add` replaces what is there: the same patch may come twice.
    { op: 'add', path: '/status/completedIndexes', value: completedIndexes },
    { op: 'add', path: '/status/succeeded', value: succeeded },
  ];
}
