import { findTaskByPodName } from '@ccluster/domain';
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
  /** The attempt that it says has started. */
  readonly start: AttemptStart | null;
}

/** What the event of its start tells of an attempt, whether or not its pod was ever seen. */
export interface AttemptStart {
  readonly jobId: string;
  readonly index: number;
  readonly uid: string;
  readonly name: string;
  readonly at: Date;
}

const schema = z.object({
  metadata: z.object({ creationTimestamp: instant }),
  involvedObject: z.object({ kind: words, uid: words, name: words }),
  reason: words,
  message: words,
  eventTime: instant,
  lastTimestamp: instant,
  series: z.object({ lastObservedTime: instant }).nullish(),
});

const STARTED = 'Started';

/** The reasons that something is made of; of all others a busy cluster has thousands. */
const REASONS = new Set<string>([STARTED, 'FailedCreate', 'Failed', 'Pulling', 'Pulled', ...SETUP_EVENTS]);

/** Throws where the object is not an Event. @returns undefined where it says nothing that is used */
export function parseKubernetesEvent(unsafeObject: UnsafeObject): KubernetesEvent | undefined {
  const event = schema.parse(unsafeObject);
  const { kind, uid, name } = event.involvedObject;
  if ((kind !== 'Pod' && kind !== 'Job') || uid === '' || !REASONS.has(event.reason)) return undefined;
  const at =
    event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp;
  const task = kind === 'Pod' && event.reason === STARTED ? findTaskByPodName(name) : undefined;
  return {
    subjectUid: uid,
    reason: event.reason,
    message: event.message,
    atMs: at?.getTime() ?? 0,
    start: task === undefined ? null : { ...task, uid, name, at: at ?? new Date(0) },
  };
}
