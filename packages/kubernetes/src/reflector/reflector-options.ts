import type { ClusterConnection, Query } from '../connection/connection.js';
import type { KubernetesFault } from '../connection/fault.js';
import type { Log } from '../log.js';
import type { ToItem } from './kubernetes-object.js';
import type { ObjectChange } from './object-store.js';

export interface ReflectorAnomaly {
  /**
   * INCARNATION_CHANGED: the cluster's past is not the one seen before (restored, rebuilt); said before the changes of
   * its list. BAD_OBJECT: one object could not be read and is left out. HANDLER_FAILED: `onChange` threw. Everything else
   * that interrupts is FAULT.
   */
  code: 'INCARNATION_CHANGED' | 'BAD_OBJECT' | 'HANDLER_FAILED' | 'FAULT';
  message: string;
  fault?: KubernetesFault;
}

export interface ReflectorOptions<T> {
  connection: Pick<ClusterConnection, 'getJson' | 'openStream'>;
  /** Of the collection: "/apis/batch/v1/namespaces/jobs-prod/jobs". */
  path: string;
  /** Label and field selectors. */
  query: Query;
  /** Keeps the few fields that are needed; all else is forgotten. Undefined: not of interest. */
  toItem: ToItem<T>;
  /** Called with what changed since the last call, at least once per change. Must not throw and should return at once. */
  onChange: (changes: readonly ObjectChange<T>[]) => void;
  onAnomaly?: (anomaly: ReflectorAnomaly) => void;
  now: () => number;
  random: () => number;
  /** Objects per page of a list. */
  pageSize: number;
  /** The whole list is read again this often (± 10 %): nothing else heals what a watch lost. */
  relistIntervalMs: number;
  log: Log;
}
