import type { ObservedPod, PodReason, PodRow } from '@ccluster/db';

/** What is remembered of an unfinished job between two looks; all of it can be had again from PostgreSQL. */
export interface JobMemory {
  /** By uid: each attempt as it was last recorded. */
  readonly pods: Map<string, ObservedPod>;
  /** By uid: the reasons of attempts, with their times. */
  readonly reasons: Map<string, PodReason>;
  /** By uid: the rows of attempts whose log is not complete. */
  readonly openLogs: Map<string, OpenLog>;
  /** Uids of attempts whose log is complete: a row read before that does not open it again. */
  readonly completeLogs: Set<string>;
}

interface OpenLog {
  readonly podId: string;
  readonly name: string;
}

export function memoryOf(rows: readonly PodRow[]): JobMemory {
  const memory: JobMemory = { pods: new Map(), reasons: new Map(), openLogs: new Map(), completeLogs: new Set() };
  for (const row of rows) memory.pods.set(row.uid, observedPodOf(row));
  rememberRows(memory, rows);
  return memory;
}

/** Since when things are as they are, and which logs are still to be read. */
export function rememberRows(memory: JobMemory, rows: readonly PodRow[]): void {
  for (const row of rows) {
    if (row.reason === null) memory.reasons.delete(row.uid);
    else memory.reasons.set(row.uid, row.reason);
    if (row.logComplete) rememberComplete(memory, row.uid);
    else if (!memory.completeLogs.has(row.uid)) memory.openLogs.set(row.uid, { podId: row.id, name: row.name });
  }
}

export function rememberComplete(memory: JobMemory, uid: string): void {
  memory.completeLogs.add(uid);
  memory.openLogs.delete(uid);
}

function observedPodOf(row: PodRow): ObservedPod {
  const { uid, name, index, status, reason, exitCode, nodeName, imageDigest, createdAt, startedAt, finishedAt } = row;
  return {
    uid,
    name,
    index,
    status,
    reason: reason === null ? null : { code: reason.code, message: reason.message },
    heldBy: reason?.heldBy?.rule ?? null,
    exitCode,
    nodeName,
    imageDigest,
    createdAt,
    startedAt,
    finishedAt,
    logless: row.logComplete,
  };
}

/** Whether recording the one after the other would change anything. */
export function isSamePod(left: ObservedPod, right: ObservedPod): boolean {
  return (
    left.status === right.status &&
    left.reason?.code === right.reason?.code &&
    left.reason?.message === right.reason?.message &&
    left.heldBy === right.heldBy &&
    left.exitCode === right.exitCode &&
    left.nodeName === right.nodeName &&
    left.imageDigest === right.imageDigest &&
    left.startedAt?.getTime() === right.startedAt?.getTime() &&
    left.finishedAt?.getTime() === right.finishedAt?.getTime()
  );
}
