import { readLogCompleteness, type LogScope } from '@ccluster/db';
import { DomainError } from '@ccluster/domain';
import type { RequestContext } from '../../http/request-context.js';
import { createLogFile } from './log-file.js';
import { LOG_START } from './log-lines.js';
import { walkLog } from './walk-log.js';

export interface LogFileRequest {
  readonly scope: LogScope;
  readonly withTimestamps: boolean;
  /** Bytes of the file that are left out at its beginning. */
  readonly offset: number;
}

/**
 * A log as a text file, as far as it is stored now, some chunks at a time as they are asked for. A whole job's has the
 * task before each line. Throws JOB_DELETED where the job is deleted meanwhile, and UNAUTHENTICATED as the key ends.
 */
export async function* readLogFile(
  context: RequestContext,
  { scope, withTimestamps, offset }: LogFileRequest,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  const { db } = context.services.database;
  const textOf = createLogFile({ withTimestamps, withTask: scope.podId === undefined });
  let toSkip = offset;
  for await (const chunk of walkLog(db, scope, LOG_START, 'forwards')) {
    signal.throwIfAborted();
    await context.reauthenticate();
    // What comes before the offset is made all the same: how long a text is, nobody knows before.
    const bytes = Buffer.from(textOf(chunk));
    if (bytes.length > toSkip) yield bytes.subarray(toSkip);
    toSkip = Math.max(0, toSkip - bytes.length);
  }
  const complete = await readLogCompleteness(db, context.principal.organizationId, scope.jobId);
  if (complete === undefined) throw new DomainError('JOB_DELETED', 'The job has been deleted');
}
