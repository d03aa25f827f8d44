import { CannotOpen, type ClaimedJob } from '@ccluster/db';
import type { JobSecrets } from '@ccluster/domain';
import type { DispatchContext } from '../dispatch-context.js';

/** What an operator has to mend, not the job's owner: it waits, outside the line, and takes no room from others. */
export const SECRETS_UNREADABLE = 'SECRETS_UNREADABLE';
export const UNREADABLE_RETRY_MS = 30_000;

/** @returns the error where this dispatcher has not the key that they are sealed with, or they are damaged */
export async function readSecretsOrTrouble(context: DispatchContext, jobId: string): Promise<JobSecrets | CannotOpen> {
  try {
    return await context.readSecrets(jobId);
  } catch (error) {
    if (error instanceof CannotOpen) return error;
    throw error;
  }
}

/** Asked before such a job is placed again: it has said what it waits for, and need not say it each time. */
export async function stillCannotRead(context: DispatchContext, { id, state }: ClaimedJob): Promise<boolean> {
  if (state.phase !== 'QUEUED' || state.reason?.code !== SECRETS_UNREADABLE) return false;
  return (await readSecretsOrTrouble(context, id)) instanceof CannotOpen;
}
