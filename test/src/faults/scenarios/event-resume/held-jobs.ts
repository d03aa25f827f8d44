import { randomUUID } from 'node:crypto';

import type { CclusterClient } from '@ccluster/client';
import pMap from 'p-map';

import { persistently } from '../../lab/persistently.js';

const AT_ONCE = { concurrency: 8 };

/** Jobs that no dispatcher sees: all that happens to them is what callers ask for. @returns their first cursors, by id */
export async function makeHeldJobs(clients: readonly CclusterClient[], count: number): Promise<Map<string, string>> {
  const makeOne = async () => {
    const requestId = randomUUID();
    const input = {
      name: `h-${requestId.slice(0, 13)}`,
      imageUrl: 'registry.example/nothing',
      imageTag: '1',
      requestId,
    };
    const job = await persistently(clients, (client) => client.createJob(input));
    return [job.id, job.eventCursor] as const;
  };
  return new Map(await pMap(Array.from({ length: count }), makeOne, AT_ONCE));
}

/** Suspends and resumes jobs, over and over, until `isEnough`; then cancels them. @returns requests that were answered */
export async function stirJobs(
  clients: readonly CclusterClient[],
  jobIds: readonly string[],
  isEnough: () => boolean,
): Promise<number> {
  let answered = 0;
  const all = (ask: (client: CclusterClient, id: string) => Promise<unknown>): Promise<unknown> =>
    pMap(
      jobIds,
      async (id) => {
        await persistently(clients, (client) => ask(client, id));
        answered += 1;
      },
      AT_ONCE,
    );
  while (!isEnough()) {
    await all((client, id) => client.suspendJob(id));
    await all((client, id) => client.resumeJob(id));
  }
  await all((client, id) => client.cancelJob(id));
  return answered;
}
