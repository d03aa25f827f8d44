import { newId, type Reason } from '@ccluster/domain';
import { and, eq, inArray, max, sql } from 'drizzle-orm';
import { randomFillSync } from 'node:crypto';
import type { Queryable } from '../connection/database.js';
import { describePodChange } from './describe-pod-change.js';
import type { LockedJob, NewJobEvent } from './locked-job.js';
import { pods, type PodReason, type PodStatus } from '../schema/pods.js';

/** One attempt as the cluster shows it now. */
export interface ObservedPod {
  readonly uid: string;
  readonly name: string;
  readonly index: number;
  readonly status: PodStatus;
  readonly reason: Omit<Reason, 'since'> | null;
  /** Name of the watcher's rule that gave this reason and holds the pod up; null: nothing that it waits for. */
  readonly heldBy: string | null;
  readonly exitCode: number | null;
  readonly nodeName: string | null;
  readonly imageDigest: string | null;
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** There is no log to wait for: it is not kept, or no container ever ran. */
  readonly logless: boolean;
}

export type PodRow = typeof pods.$inferSelect;

/** A pod never goes back: an observation from an older list is not news. What was lost may still be found. */
const RANK: Readonly<Record<PodStatus, number>> = { PENDING: 0, RUNNING: 1, LOST: 2, SUCCEEDED: 3, FAILED: 3 };

export interface SavedPods {
  readonly rows: readonly PodRow[];
  /** One for each pod whose status or reason code changed. */
  readonly events: readonly NewJobEvent[];
}

/** Stores pods of a locked job, new ones with the next attempt number of their index, in one statement. */
export async function savePods(
  tx: Queryable,
  job: LockedJob,
  clusterId: string,
  observed: readonly ObservedPod[],
): Promise<SavedPods> {
  if (observed.length === 0) return { rows: [], events: [] };
  const known = await findPods(tx, clusterId, observed);
  const attempts = await countAttempts(tx, job.id, observed);
  const rows: PodRow[] = [];
  const events: NewJobEvent[] = [];
  for (const seen of observed.toSorted(byAge)) {
    const old = known.get(seen.uid);
    if (old !== undefined && RANK[seen.status] < RANK[old.status]) continue;
    const row = rowOf(job, clusterId, seen, old, attempts);
    rows.push(row);
    const message = describePodChange(old, row);
    if (message !== null) events.push({ type: 'POD_CHANGED', message, pod: { id: row.id, status: row.status } });
  }
  if (rows.length > 0) await upsert(tx, rows);
  return { rows, events };
}

function rowOf(
  job: LockedJob,
  clusterId: string,
  { logless, reason, heldBy, ...seen }: ObservedPod,
  old: PodRow | undefined,
  attempts: Map<number, number>,
): PodRow {
  const identity = old ?? { id: newPodId(job.at), attempt: nextAttempt(attempts, seen.index), logComplete: false };
  return {
    ...seen,
    id: identity.id,
    attempt: identity.attempt,
    jobId: job.id,
    clusterId,
    reason: reason === null ? null : reasonSince(old?.reason ?? null, reason, heldBy, job.at),
    logComplete: identity.logComplete || logless,
  };
}

/** What was before and still is keeps its time. */
export function reasonSince(
  old: PodReason | null,
  { code, message }: Omit<Reason, 'since'>,
  rule: string | null,
  at: string,
): PodReason {
  const known = old?.code === code ? old : null;
  const reason = { code, message, since: known?.since ?? at };
  if (rule === null) return reason;
  return { ...reason, heldBy: known?.heldBy?.rule === rule ? known.heldBy : { rule, since: at } };
}

function newPodId(at: string): string {
  return newId('pod', Date.parse(at), (bytes) => randomFillSync(bytes));
}

function nextAttempt(attempts: Map<number, number>, index: number): number {
  const attempt = (attempts.get(index) ?? 0) + 1;
  attempts.set(index, attempt);
  return attempt;
}

function byAge(left: ObservedPod, right: ObservedPod): number {
  return left.createdAt.getTime() - right.createdAt.getTime() || (left.uid < right.uid ? -1 : 1);
}

async function findPods(
  tx: Queryable,
  clusterId: string,
  observed: readonly ObservedPod[],
): Promise<Map<string, PodRow>> {
  const uids = observed.map((pod) => pod.uid);
  const rows = await tx
    .select()
    .from(pods)
    .where(and(eq(pods.clusterId, clusterId), inArray(pods.uid, uids)));
  return new Map(rows.map((row) => [row.uid, row]));
}

async function countAttempts(
  tx: Queryable,
  jobId: string,
  observed: readonly ObservedPod[],
): Promise<Map<number, number>> {
  const indexes = [...new Set(observed.map((pod) => pod.index))];
  const rows = await tx
    .select({ index: pods.index, attempts: max(pods.attempt) })
    .from(pods)
    .where(and(eq(pods.jobId, jobId), inArray(pods.index, indexes)))
    .groupBy(pods.index);
  return new Map(rows.map((row) => [row.index, row.attempts ?? 0]));
}

async function upsert(tx: Queryable, rows: readonly PodRow[]): Promise<void> {
  await tx
    .insert(pods)
    // In one order everywhere, so that two transactions never wait for each other's rows.
    .values(rows.toSorted((left, right) => (left.uid < right.uid ? -1 : 1)))
    .onConflictDoUpdate({
      target: [pods.clusterId, pods.uid],
      set: {
        status: sql`excluded.status`,
        reason: sql`excluded.reason`,
        exitCode: sql`excluded.exit_code`,
        nodeName: sql`excluded.node_name`,
        imageDigest: sql`excluded.image_digest`,
        startedAt: sql`excluded.started_at`,
        finishedAt: sql`excluded.finished_at`,
        logComplete: sql`${pods.logComplete} or excluded.log_complete`,
      },
      // A cluster is not trusted to give each pod a uid of its own.
      setWhere: eq(pods.jobId, sql`excluded.job_id`),
    });
}
