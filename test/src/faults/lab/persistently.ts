import { RequestUnanswered, RequestRefused, type CclusterClient } from '@ccluster/client';
import { backoffMs, type Backoff } from '@ccluster/runtime';
import { setTimeout as sleep } from 'node:timers/promises';

/** Callers that came back at once, all together, would be a fault of their own. */
const BACKOFF: Backoff = { baseMs: 400, maxMs: 10_000 };
const GIVE_UP_MS = 600_000;

/**
 * Asks until there is an answer, of one api after the other, as a caller does who may repeat his request: by its
 * requestId, or because it is idempotent. INTERNAL is no answer. Throws what was refused.
 */
export async function persistently<T>(
  clients: readonly CclusterClient[],
  ask: (client: CclusterClient) => Promise<T>,
): Promise<T> {
  const deadlineMs = performance.now() + GIVE_UP_MS;
  const first = Math.floor(performance.now());
  for (let attempt = 1; ; attempt += 1) {
    const client = clients[(first + attempt) % clients.length];
    if (client === undefined) throw new Error('There is no api to ask');
    try {
      return await ask(client);
    } catch (error) {
      const isAnswer = !(error instanceof RequestUnanswered) && !isInternal(error);
      if (isAnswer || performance.now() > deadlineMs) throw error;
    }
    await sleep(backoffMs(attempt, BACKOFF, Math.random));
  }
}

function isInternal(error: unknown): boolean {
  return error instanceof RequestRefused && error.code === 'INTERNAL';
}
