import { DomainError } from '@ccluster/domain';
import { startLoop, type Clock, type Logger } from '@ccluster/runtime';
import type { Authenticate, Authenticated } from './authenticate.js';
import { isSameCaller } from './principal.js';

/** With the five seconds that a key is known for, what a revoked key has open ends within some ten. */
const INTERVAL_MS = 5_000;
/** Timers take no longer times. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Ends what stays open for a caller: sockets and downloads. */
export interface SessionWatch {
  /**
   * Calls `end`, once, as the key or token ends, or soon after it is revoked or stands for another role.
   * @param caller as it was let in
   * @returns gives up the watch
   */
  watch(authorization: string | undefined, caller: Authenticated, end: () => void): () => void;
  stop(): Promise<void>;
}

export interface SessionWatchOptions {
  readonly authenticate: Authenticate;
  /** The one that `validUntilMs` is by. */
  readonly clock: Clock;
  readonly log: Logger;
}

interface Session {
  readonly authorization: string | undefined;
  readonly caller: Authenticated;
  end(): void;
}

export function startSessionWatch({ authenticate, clock, log }: SessionWatchOptions): SessionWatch {
  const sessions = new Set<Session>();
  const look = async (signal: AbortSignal): Promise<void> => {
    // Many are of one key, which is asked for once.
    for (const [authorization, group] of Map.groupBy(sessions, (session) => session.authorization)) {
      if (signal.aborted) return;
      const caller = await findCaller(authenticate, authorization);
      for (const session of group) {
        if (caller === undefined || !isSameCaller(caller.principal, session.caller.principal)) session.end();
      }
    }
  };
  const loop = startLoop({ name: 'session watch', intervalMs: INTERVAL_MS, run: look, log });
  return {
    watch: (authorization, caller, end) => {
      const stopTimer = startTimer(caller.validUntilMs, clock, () => session.end());
      const giveUp = (): boolean => {
        stopTimer();
        return sessions.delete(session);
      };
      const session = { authorization, caller, end: () => void (giveUp() && end()) };
      sessions.add(session);
      return giveUp;
    },
    stop: () => loop.stop(),
  };
}

/** undefined: it stands for nobody any more. Throws where that cannot be found out. */
async function findCaller(
  authenticate: Authenticate,
  authorization: string | undefined,
): Promise<Authenticated | undefined> {
  try {
    return await authenticate(authorization);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

function startTimer(untilMs: number, clock: Clock, onEnd: () => void): () => void {
  if (untilMs === Number.POSITIVE_INFINITY) return () => {};
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const leftMs = untilMs - clock.nowMs();
    if (leftMs <= 0) onEnd();
    else timer = setTimeout(wait, Math.min(Math.ceil(leftMs), MAX_TIMER_MS));
  };
  timer = setTimeout(wait, 0);
  return () => clearTimeout(timer);
}
