import { steadyClock, type Clock } from './clock.js';
import type { Logger } from './logger.js';

const INTERVAL_MS = 60_000;

/** Logs what may happen a thousand times a second, at most once a minute, with how often it has happened since. */
export function occasionalWarning(log: Logger, message: string, clock: Clock = steadyClock): (error: unknown) => void {
  let count = 0;
  let loggedAtMs = -Infinity;
  return (error) => {
    count += 1;
    if (clock.nowMs() - loggedAtMs < INTERVAL_MS) return;
    log.warn({ error, count }, message);
    loggedAtMs = clock.nowMs();
    count = 0;
  };
}
