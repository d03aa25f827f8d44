import type { ObjectChange } from '@ccluster/kubernetes';
import type { KubernetesEvent } from '../objects/kubernetes-event.js';
import { noEvents, type EventsByReason } from '../observe/pod-reason.js';

/** The newest event about each object, by its reason, but for starts; gone when the cluster forgets it (an hour, by default). */
export class EventIndex {
  readonly #bySubject = new Map<string, Map<string, KubernetesEvent>>();

  /** @returns uids of the objects about which something new was said */
  apply(changes: readonly ObjectChange<KubernetesEvent>[]): Set<string> {
    const subjects = new Set<string>();
    for (const { item, previous } of changes) {
      if (item?.start === null && this.#put(item)) subjects.add(item.subjectUid);
      if (item === undefined && previous !== undefined) this.#delete(previous);
    }
    return subjects;
  }

  eventsOf(subjectUid: string): EventsByReason {
    return this.#bySubject.get(subjectUid) ?? noEvents;
  }

  #put(event: KubernetesEvent): boolean {
    const events = this.#bySubject.get(event.subjectUid) ?? new Map<string, KubernetesEvent>();
    const known = events.get(event.reason);
    if (known !== undefined && known.atMs > event.atMs) return false;
    events.set(event.reason, event);
    this.#bySubject.set(event.subjectUid, events);
    return true;
  }

  #delete(event: KubernetesEvent): void {
    const events = this.#bySubject.get(event.subjectUid);
    if (events?.get(event.reason) !== event) return;
    events.delete(event.reason);
    if (events.size === 0) this.#bySubject.delete(event.subjectUid);
  }
}
