import { occasionalWarning, sleep, type Logger } from '@ccluster/runtime';
import { Worker, type WorkerOptions } from 'bullmq';
import type { Redis } from 'ioredis';
import { dispatchHints, type DispatchHint } from './queues.js';

/** BullMQ's own goodbye waits for a Redis that may be away. */
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * A hint is forgotten however it ends, and one whose worker died is given to another: whether a job needs work, and who
 * may do it, is decided in PostgreSQL alone. So BullMQ must never give up on a hint by itself.
 */
const hintSettings = {
  lockDuration: 30_000,
  stalledInterval: 15_000,
  maxStalledCount: Number.MAX_SAFE_INTEGER,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
  runRetryDelay: 1_000,
} satisfies Partial<WorkerOptions>;

export interface DispatchWorkerOptions {
  /** Of role `worker`; this worker's alone, and disconnected by `stop`. */
  readonly redis: Redis;
  readonly prefix: string;
  /** Hints worked on at once. */
  readonly concurrency: number;
  /** What it throws is logged. The signal is aborted by `stop`. */
  readonly handle: (hint: DispatchHint, signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

export interface DispatchWorker {
  /** Takes no more hints, aborts the signal, and waits until every `handle` has returned. */
  stop(): Promise<void>;
}

export function startDispatchWorker({
  redis,
  prefix,
  concurrency,
  handle,
  log,
}: DispatchWorkerOptions): DispatchWorker {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();

  const process = async ({ data: unsafePayload }: { readonly data: unknown }): Promise<void> => {
    const handled = handleHint(unsafePayload, { handle, log, signal: stopping.signal });
    running.add(handled);
    await handled.finally(() => running.delete(handled));
  };
  const worker = new Worker(dispatchHints.name, process, { ...hintSettings, connection: redis, prefix, concurrency });
  worker.on('error', occasionalWarning(log, 'hints cannot be taken'));

  const stop = async (): Promise<void> => {
    stopping.abort();
    const closed = worker.close();
    await Promise.all(running);
    await Promise.race([closed, sleep(CLOSE_TIMEOUT_MS)]);
    redis.disconnect();
    // Not waited for: ioredis never tells of the end of a connection that was about to reconnect.
    void worker.getBackend().disconnectBlocking(false);
  };
  let stopped: Promise<void> | undefined;
  return { stop: () => (stopped ??= stop()) };
}

async function handleHint(
  unsafePayload: unknown,
  { handle, log, signal }: Pick<DispatchWorkerOptions, 'handle' | 'log'> & { readonly signal: AbortSignal },
): Promise<void> {
  const parsed = dispatchHints.payload.safeParse(unsafePayload);
  if (!parsed.success) {
    log.warn({ error: parsed.error }, 'not a hint, dropped');
    return;
  }
  try {
    await handle(parsed.data, signal);
  } catch (error) {
    log.error({ error, jobId: parsed.data.jobId }, 'a hint failed; the sweeper brings the job back');
  }
}
