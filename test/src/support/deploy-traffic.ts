import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import type { CclusterClient } from '@ccluster/client';
import { encodeLogChunk, logChunks, pods, type Database } from '@ccluster/db';

const PAUSE_MS = 20;

/** What callers had of an api while it was replaced. */
export interface DeployTraffic {
  /** Requests that were answered, by what they asked. */
  readonly answered: Record<'query' | 'create' | 'hold', number>;
  /** What each request that was not answered met. */
  readonly failures: string[];
  /** In the order in which they were created. */
  readonly createdIds: string[];
  /** Ends once what was begun is answered. */
  stop(): Promise<void>;
}

/** Asks, creates, and holds and releases one job by turns, without ever trying anything again. */
export function startDeployTraffic(client: CclusterClient, heldJobId: string, readers: number): DeployTraffic {
  const stopping = new AbortController();
  const traffic = { answered: { query: 0, create: 0, hold: 0 }, failures: [] as string[], createdIds: [] as string[] };
  const repeat = async (kind: keyof DeployTraffic['answered'], ask: () => Promise<unknown>): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await ask();
        traffic.answered[kind] += 1;
      } catch (error) {
        traffic.failures.push(`${kind}: ${describe(error)}`);
      }
      await sleep(PAUSE_MS);
    }
  };
  const create = async (): Promise<void> => {
    const name = `d${randomBytes(6).toString('hex')}`;
    const { id } = await client.createJob({ name, imageUrl: 'busybox', imageTag: '1', completions: 1, parallelism: 1 });
    traffic.createdIds.push(id);
  };
  let isHeld = false;
  const hold = async (): Promise<void> => {
    await (isHeld ? client.resumeJob(heldJobId) : client.suspendJob(heldJobId));
    isHeld = !isHeld;
  };
  const loops = [
    ...Array.from({ length: readers }, () => repeat('query', () => client.findJob(heldJobId))),
    repeat('create', create),
    repeat('create', create),
    repeat('hold', hold),
  ];
  return {
    ...traffic,
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${describe(error.cause)}`;
}

/** Writes lines `1`, `2`, … into the log of a job, as a watcher would. */
export interface WrittenLog {
  written(): number;
  stop(): Promise<void>;
}

export async function startWritingLog({ db }: Database, jobId: string): Promise<WrittenLog> {
  const podId = `pod_${randomBytes(8).toString('hex')}`;
  await db.insert(pods).values({
    id: podId,
    jobId,
    clusterId: 'cl_1',
    uid: podId,
    name: podId,
    index: 0,
    attempt: 1,
    status: 'RUNNING',
    createdAt: new Date(),
    logComplete: false,
  });
  const stopping = new AbortController();
  let written = 0;
  const write = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const bytes = Buffer.from(String(written + 1));
      const record = { kind: 'line', stamp: new Date().toISOString(), bytes, continued: false } as const;
      const body = encodeLogChunk([record]);
      await db.insert(logChunks).values({ jobId, podId, firstNumber: written + 1, lineCount: 1, body });
      written += 1;
      await sleep(PAUSE_MS);
    }
  };
  const ended = write();
  return {
    written: () => written,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}
