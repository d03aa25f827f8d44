import type { UnsafeObject } from '@ccluster/kubernetes';
import { z } from 'zod';
import { SETUP_EVENTS } from '../observe/raw-reasons.js';
import { instant, words } from './fields.js';

/** What is kept of an Event: the cluster's words about one object. */
export interface KubernetesEvent {
  /** uid of the object it is about. */
  readonly subjectUid: string;
  readonly reason: string;
  readonly message: string;
  /** When it last happened, by the cluster's clock; milliseconds since 1970. */
  readonly atMs: number;
}

const schema = z.object({
  metadata: z.object({ creationTimestamp: instant }),
  involvedObject: z.object({ kind: z.string().default(''), uid: z.string().default('') }),
  reason: words,
  message: words,
  eventTime: instant,
  lastTimestamp: instant,
  series: z.object({ lastObservedTime: instant }).nullish(),
});

/** The reasons that something is made of; of all others a busy cluster has thousands. */
const REASONS = new Set<string>(['FailedCreate', 'Failed', 'Pulling', 'Pulled', ...SETUP_EVENTS]);

/** Throws where the object is not an Event. @returns undefined where it says nothing that is used */
export function parseKubernetesEvent(unsafeObject: UnsafeObject): KubernetesEvent | undefined {
  const event = schema.parse(unsafeObject);
  const { kind, uid } = event.involvedObject;
  if ((kind !== 'Pod' && kind !== 'Job') || uid === '' || !REASONS.has(event.reason)) return undefined;
  const at =
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
  return { subjectUid: uid, reason: event.reason, message: event.message, atMs: at?.getTime() ?? 0 };
}
