import {
  recordEvent,
  withTransaction,
  type ClaimedJob,
  type Database,
  type Queryable,
  type RecordedChange,
  type UntimedJobEvent,
} from '@ccluster/db';
import type { JobSecrets } from '@ccluster/domain';
import type { AtRisk, CrashStep, Logger } from '@ccluster/runtime';
import type { ClusterConnections } from './cluster/cluster-connections.js';
import type { ClusterGate, Target } from './cluster/cluster-gate.js';
import type { ClusterWriter } from './cluster/cluster-writer.js';
import type { PlacementTurns } from './placement-turns.js';

/** What the steps of a dispatch work with. */
export interface DispatchContext {
  readonly database: Database;
  readonly connections: ClusterConnections;
  readonly gate: ClusterGate;
  readonly placementTurns: PlacementTurns;
  readonly readSecrets: (jobId: string) => Promise<JobSecrets>;
  /** Wakes whoever waits for this change; never fails. */
  readonly publish: (change: RecordedChange) => void;
  /** Has a dispatcher look at the job; never fails. */
  readonly hint: (change: RecordedChange) => void;
  /** A Kubernetes Job is kept this long after its job has ended, for a person to look at. */
  readonly finishedRetentionMs: number;
  /** A clock that only goes forward, to be compared with itself. */
  readonly nowMs: () => number;
  /** Around each step that outlives this process. */
  readonly atRisk: AtRisk<'dispatcher'>;
  readonly log: Logger;
}

/** Calls into one cluster, within the limits that keep it from holding up the others. */
export function withCluster<T>(
  context: DispatchContext,
  target: Target,
  signal: AbortSignal,
  work: (writer: ClusterWriter) => Promise<T>,
): Promise<T> {
  return context.gate.run(target, () => context.connections.run(target.clusterId, signal, work));
}

/** What a dispatcher has to say of a job, but for its placement. */
export type DispatchEvent = Extract<UntimedJobEvent, { type: RecordedBy<CrashStep<'dispatcher'>> }>;

type RecordedBy<Step> = Step extends `record ${infer Type}` ? Type : never;

/**
 * Records an event under the job's claim and tells of it.
 * @returns the job after it; undefined where nothing changed, because the claim is stale or something came before it
 */
export async function record(
  context: DispatchContext,
  job: ClaimedJob,
  ...events: DispatchEvents
): Promise<ClaimedJob | undefined> {
  return recordDecided(context, job, events[0].type, () => Promise.resolve(events));
}

type DispatchEvents = readonly [DispatchEvent, ...UntimedJobEvent[]];

/**
 * The same, where only the transaction itself can tell what there is to say.
 * @param usual what it says most often; its crash points are those of all
 */
export async function recordDecided(
  context: DispatchContext,
  job: ClaimedJob,
  usual: DispatchEvent['type'],
  decide: (tx: Queryable) => Promise<DispatchEvents>,
): Promise<ClaimedJob | undefined> {
  const change = await context.atRisk(`record ${usual}`, () =>
    withTransaction(context.database, async (tx) => recordAll(tx, job, await decide(tx))),
  );
  if (change === undefined) return undefined;
  context.publish(change);
  return { ...job, state: change.after };
}

/** The first one decides; the others follow from it, in the same transaction. */
async function recordAll(
  tx: Queryable,
  job: ClaimedJob,
  [first, ...others]: DispatchEvents,
): Promise<RecordedChange | undefined> {
  let change = await recordEvent(tx, job.id, first, job.epoch);
  if (change === undefined) return undefined;
  for (const event of others) change = (await recordEvent(tx, job.id, event, job.epoch)) ?? change;
  return change;
}
