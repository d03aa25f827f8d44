import { sleep } from './clock.js';
import type { Logger } from './logger.js';

export interface Lifecycle {
  /** Aborted when the stop begins. */
  readonly signal: AbortSignal;
  /** Registers how to give something up, right after it was acquired. Once stopped: gives it up at once. */
  onStop(name: string, release: () => Promise<void> | void): void;
  /**
   * For so long after the begin of a stop everything goes on as before, so that those who send work here can notice
   * and send it elsewhere. 0 unless set; not part of `stopTimeoutMs`.
   */
  drainMs: number;
  /**
   * Runs every release, the newest first, also where one fails or hangs; a second call is the same stop.
   * @param how AT_ONCE: without draining, where the process is not fit to go on
   * @throws AggregateError of what failed, after all have run
   */
  stop(how?: 'DRAINED' | 'AT_ONCE'): Promise<void>;
}

interface Hook {
  readonly name: string;
  readonly release: () => Promise<void> | void;
}

export interface LifecycleOptions {
  readonly log: Logger;
  /** For all releases together; after it the rest are started but not waited for. */
  readonly stopTimeoutMs: number;
}

export function startLifecycle(options: LifecycleOptions): Lifecycle {
  const hooks: Hook[] = [];
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;
  let drained = false;

  const stop = async (drainMs: number): Promise<void> => {
    stopping.abort();
    // Not even a turn of the loop where nothing drains: whoever is stopped while it starts must not get further.
    if (drainMs > 0) await sleep(drainMs);
    const errors = await releaseAll(hooks, options);
    drained = true;
    if (errors.length > 0) throw new AggregateError(errors, 'Not everything was stopped');
  };

  const lifecycle: Lifecycle = {
    signal: stopping.signal,
    drainMs: 0,
    onStop: (name, release) => {
      hooks.push({ name, release });
      if (drained) void releaseAll(hooks, options);
    },
    stop: (how) => (stopped ??= stop(how === 'AT_ONCE' ? 0 : lifecycle.drainMs)),
  };
  return lifecycle;
}

async function releaseAll(hooks: Hook[], { log, stopTimeoutMs }: LifecycleOptions): Promise<Error[]> {
  const deadlineMs = performance.now() + stopTimeoutMs;
  const errors: Error[] = [];
  for (let hook = hooks.pop(); hook !== undefined; hook = hooks.pop()) {
    const error = await releaseOne(hook, Math.max(deadlineMs - performance.now(), 0));
    if (error === undefined) continue;
    log.error({ error, hook: hook.name }, 'stop: a release failed');
    errors.push(error);
  }
  return errors;
}

/** @returns what went wrong */
async function releaseOne({ name, release }: Hook, timeoutMs: number): Promise<Error | undefined> {
  const done = new AbortController();
  const timeout = sleep(timeoutMs, done.signal).then(() => new Error(`${name} did not stop in time`));
  try {
    return await Promise.race([timeout, (async () => release())().then(() => undefined)]);
  } catch (error) {
    return new Error(`${name} did not stop`, { cause: error });
  } finally {
    done.abort();
  }
}
