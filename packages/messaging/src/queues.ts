import { occasionalWarning, type Logger } from '@ccluster/runtime';
import { Queue, type JobsOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { z } from 'zod';

/** Name and payload of the one queue. What a hint is about is read from PostgreSQL; the hint itself decides nothing. */
export const dispatchHints = {
  name: 'dispatch',
  payload: z.strictObject({
    jobId: z.string().min(1),
    /** Number of the newest event of the job that the sender knew of. */
    version: z.int().min(0),
  }),
};

/** "This job may need a dispatcher." */
export type DispatchHint = z.output<typeof dispatchHints.payload>;

export interface DispatchQueue {
  /**
   * Adds a hint, unless the same one waits. While it is being worked on it is added too, for afterwards: the work may be
   * past the point at which it would have seen what this one is about.
   * @returns false where Redis did not take it, within about a second; the sweeper makes up for that
   */
  hint(hint: DispatchHint): Promise<boolean>;
  /** The same for many, in one round trip. */
  hintMany(hints: readonly DispatchHint[]): Promise<boolean>;
  /** Hints that no worker has taken. Throws where Redis is away. */
  waitingCount(): Promise<number>;
  close(): Promise<void>;
}

export interface DispatchQueueOptions {
  /** Of role `queue`; stays open. */
  readonly redis: Redis;
  /** First part of every key, so that installations can share a Redis. */
  readonly prefix: string;
  readonly log: Logger;
}

export function createDispatchQueue({ redis, prefix, log }: DispatchQueueOptions): DispatchQueue {
  const queue = new Queue(dispatchHints.name, {
    connection: redis,
    prefix,
    // Without these two a queue that was made while Redis was away would wait for it with every call.
    skipVersionCheck: true,
    skipWaitingForReady: true,
  });
  const warn = occasionalWarning(log, 'hints were not added');
  queue.on('error', warn);

  const hintMany = async (hints: readonly DispatchHint[]): Promise<boolean> => {
    if (hints.length === 0) return true;
    try {
      await queue.addBulk(hints.map((hint) => ({ name: dispatchHints.name, data: hint, opts: jobOptions(hint) })));
      return true;
    } catch (error) {
      warn(error);
      return false;
    }
  };
  return {
    hint: (hint) => hintMany([hint]),
    hintMany,
    waitingCount: () => queue.getWaitingCount(),
    close: () => queue.close(),
  };
}

/**
 * No id of our own: one that is still there would block the next hint. The deduplication ends with the hint; with a
 * `ttl` it would outlive it, and hold back the retry of a job to which nothing has happened.
 */
function jobOptions({ jobId, version }: DispatchHint): JobsOptions {
  return {
    attempts: 1,
    removeOnComplete: true,
    removeOnFail: true,
    deduplication: { id: `${jobId}-${version}`, keepLastIfActive: true },
  };
}
