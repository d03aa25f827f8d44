import { backoffMs } from './backoff.js';
import { sleep } from './clock.js';
import type { Logger } from './logger.js';

const MAX_BACKOFF_MS = 30_000;

export interface LoopOptions {
  readonly name: string;
  /** From the end of a run to the start of the next. */
  readonly intervalMs: number;
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

export interface Loop {
  /** Aborts the signal of the current run and waits until it has returned. */
  stop(): Promise<void>;
}

/**
 * Runs something again and again, the first time at once, never twice at a time. A run that throws is logged and the
 * next one waits longer, up to 30 s; nothing ends the loop but `stop`.
 */
export function startLoop(options: LoopOptions): Loop {
  const stopping = new AbortController();
  const ended = loop(options, stopping.signal);
  return {
    stop: () => {
      stopping.abort();
      return ended;
    },
  };
}

async function loop(options: LoopOptions, signal: AbortSignal): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await options.run(signal);
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      options.log.error({ error, loop: options.name, failures }, 'loop failed, runs again');
    }
    await sleep(options.intervalMs + (failures === 0 ? 0 : extraWaitMs(options.intervalMs, failures)), signal);
  }
}

function extraWaitMs(intervalMs: number, failures: number): number {
  return backoffMs(failures, { baseMs: Math.max(intervalMs, 100), maxMs: MAX_BACKOFF_MS }, Math.random);
}
