import { RateLimited } from '../../rate-limited.js';

/** Of one caller; more than one who waits for answers has under way. */
const MAX_WAITING = 100;

/**
 * Documents are checked one at a time, each caller's in turn, and whatever else the process has to do goes between two:
 * whoever sends many at once waits for himself, and others for one of his at most.
 */
export interface CheckingTurns {
  /** Resolves when the caller's turn has come. Throws RATE_LIMITED. @param request whose turn it is, until `end` */
  take(caller: string, request: object): Promise<void>;
  /** To be called whatever came of the request; again, or without a turn, it does nothing. */
  end(request: object): void;
  /** For what is done at once. Throws RATE_LIMITED, and what `check` throws. */
  run<T>(caller: string, check: () => T): Promise<T>;
}

export function createCheckingTurns(): CheckingTurns {
  /** By caller, the one whose turn comes next first. */
  const waiting = new Map<string, (() => void)[]>();
  let current: object | undefined;
  const next = (): void => {
    const [first] = waiting;
    if (first === undefined || current !== undefined) return;
    const [caller, [begin, ...others]] = first;
    waiting.delete(caller);
    if (others.length > 0) waiting.set(caller, others);
    begin?.();
  };
  const take: CheckingTurns['take'] = async (caller, request) => {
    const own = waiting.get(caller) ?? [];
    if (own.length >= MAX_WAITING) throw new RateLimited('Too many documents wait to be checked', 1);
    const { promise, resolve } = Promise.withResolvers<void>();
    own.push(() => {
      current = request;
      resolve();
    });
    waiting.set(caller, own);
    next();
    await promise;
  };
  const end: CheckingTurns['end'] = (request) => {
    if (current !== request) return;
    current = undefined;
    setImmediate(next);
  };
  const run: CheckingTurns['run'] = async (caller, check) => {
    const request = {};
    await take(caller, request);
    try {
      return check();
    } finally {
      end(request);
    }
  };
  return { take, end, run };
}
