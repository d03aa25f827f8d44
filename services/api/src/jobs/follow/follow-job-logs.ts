import { readLogChunks, readLogCompleteness, type LogScope } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import { topics } from '@ccluster/messaging';
import { stoppable } from '../../graphql/stoppable.js';
import type { RequestContext } from '../../http/request-context.js';
import { getJob } from '../get-job.js';
import { getPod } from '../get-pod.js';
import { logCursor } from '../logs/log-cursor.js';
import { inBatches, isBehind, LOG_START, logLinesOf, type LogPosition } from '../logs/log-lines.js';
import type { LogBatch } from '../logs/log.type.js';

const MAX_LINES = 500;
const MAX_CHARACTERS = 512 * 1024;
const CHUNKS_AT_ONCE = 8;
/** The most that a lost wake-up costs. */
const POLL_INTERVAL_MS = 2_000;

/**
 * A job's log lines after the cursor, or from the first, each once, as they are stored. Completes when none can follow.
 * Throws NOT_FOUND and CURSOR_INVALID at once; ends with UNAUTHENTICATED as the caller's key does.
 */
export async function followJobLogs(
  context: RequestContext,
  scope: LogScope,
  after: string | null,
): Promise<AsyncIterable<LogBatch>> {
  await getJob(context.services.database.db, context.principal.organizationId, scope.jobId);
  if (scope.podId !== undefined) await getPod(context, scope.jobId, scope.podId);
  const position = after === null ? LOG_START : logCursor.parse(scope.jobId, after);
  return stoppable((signal) => batchesAfter(context, scope, position, signal));
}

async function* batchesAfter(
  context: RequestContext,
  scope: LogScope,
  after: LogPosition,
  signal: AbortSignal,
): AsyncGenerator<LogBatch, void, undefined> {
  const { jobId } = scope;
  const { database, wakeUps } = context.services;
  const wakeUp = wakeUps.open([topics.logs, jobId], [topics.job, jobId]);
  try {
    for (let fromId = after.chunkId; !signal.aborted;) {
      await context.reauthenticate();
      // Read before the lines: if the log was complete by then, they are all there.
      const complete = await readLogCompleteness(database.db, context.principal.organizationId, jobId);
      if (complete === undefined) throw new DomainError('JOB_DELETED', 'The job has been deleted');
      const chunks = await readLogChunks(database.db, scope, fromId, CHUNKS_AT_ONCE);
      const lines = chunks.flatMap(logLinesOf).filter((line) => isBehind(line, after));
      for (const batch of inBatches(lines, MAX_LINES, MAX_CHARACTERS)) {
        const { position } = batch.at(-1)!;
        yield { cursor: logCursor.format(jobId, position), lines: batch.map(({ line }) => line) };
      }
      fromId = (chunks.at(-1)?.id ?? fromId - 1) + 1;
      if (chunks.length === CHUNKS_AT_ONCE) continue;
      if (complete) return;
      await wakeUp.wait(POLL_INTERVAL_MS, signal);
    }
  } finally {
    wakeUp.close();
  }
}
