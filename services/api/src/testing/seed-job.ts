import {
  encodeLogChunk,
  logChunks,
  pods,
  recordEvent,
  withTransaction,
  type Database,
  type LogRecord,
  type PodRow,
  type UntimedJobEvent,
} from '@ccluster/db';
import { newId, type PlacementDecision } from '@ccluster/domain';
import { anObservation, aPlacement } from '@ccluster/testkit';
import { resultOf } from './result-of.js';
import type { Answer, TestCaller } from './test-caller.js';

/** Creates a job as callers do; gives its id. */
export async function createTestJob(caller: TestCaller, input: Record<string, unknown>): Promise<string> {
  return String(resultOf(await askForJob(caller, input), 'createJob')['id']);
}

/** What comes for a new job of this input; of an image of which nothing is said, any. */
export function askForJob(caller: TestCaller, input: Record<string, unknown>, fields = 'id'): Promise<Answer> {
  return caller.ask(`mutation ($input: CreateJobInput!) { createJob(input: $input) { ${fields} } }`, {
    input: { imageUrl: 'busybox', imageTag: '1', ...input },
  });
}

/** What the dispatcher and the watcher would record, one after the other. */
export async function record(database: Database, jobId: string, ...events: readonly UntimedJobEvent[]): Promise<void> {
  for (const event of events) await withTransaction(database, (tx) => recordEvent(tx, jobId, event));
}

const released: UntimedJobEvent = { type: 'INTENT_APPLIED', intent: 1, released: true, resourceVersion: '100' };
const running: UntimedJobEvent = { type: 'OBSERVED', observation: anObservation({ ran: true, livePods: 1 }) };
const verdict = { outcome: 'SUCCEEDED', code: 'COMPLETED', message: 'All tasks succeeded', final: true } as const;
const settled: UntimedJobEvent = { type: 'SETTLED' };
const judged: UntimedJobEvent = { type: 'OBSERVED', observation: anObservation({ ran: true, verdict }) };

/** Up to its first running pod, where it was placed. */
export function lifeToRunningIn(placement: PlacementDecision): readonly UntimedJobEvent[] {
  const armed: UntimedJobEvent = { type: 'ARMED', kubernetesUid: 'uid-1', placement };
  return [{ type: 'PLACEMENT_DECIDED', placement }, armed, released, running];
}

/** The way of a job that goes well. */
export const life = {
  toRunning: lifeToRunningIn(aPlacement()),
  judged,
  settled,
  toEnd: [judged, settled],
};

export async function seedPod(database: Database, jobId: string, overrides: Partial<PodRow> = {}): Promise<string> {
  const id = newId('pod', Date.now(), (bytes) => crypto.getRandomValues(bytes));
  await database.db.insert(pods).values({
    id,
    jobId,
    clusterId: 'cl_1',
    uid: id,
    name: `pod-${id}`,
    index: 0,
    attempt: 1,
    status: 'RUNNING',
    createdAt: new Date(),
    logComplete: false,
    ...overrides,
  });
  return id;
}

/** One chunk with these lines; numbers follow on `firstNumber`. */
export async function seedLog(
  database: Database,
  pod: { readonly jobId: string; readonly podId: string },
  firstNumber: number,
  lines: readonly (string | LogRecord)[],
): Promise<void> {
  const records = lines.map((line) => (typeof line === 'string' ? lineOf(line) : line));
  await database.db
    .insert(logChunks)
    .values({ ...pod, firstNumber, lineCount: records.length, body: encodeLogChunk(records) });
}

function lineOf(text: string): LogRecord {
  return { kind: 'line', stamp: '2026-01-01T00:00:00.123456789Z', bytes: Buffer.from(text), continued: false };
}
