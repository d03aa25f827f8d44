import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import type { ScenarioRun } from '../scenario.js';
import type { Product } from './product.js';

const POLL_MS = 1_000;
/** So long without any job ending, and it is not waited for any longer: the checker names those that have not. */
const STANDSTILL_MS = 120_000;

/** @returns seconds until no accepted job was unfinished, or until nothing moved any more */
export async function untilAllEnded({ env }: Product, { say, signal }: ScenarioRun): Promise<number> {
  const startedMs = performance.now();
  const client = new pg.Client({ connectionString: env.DATABASE_URL });
  await client.connect();
  try {
    let fewest = Infinity;
    let movedMs = startedMs;
    for (;;) {
      const open = await countOpen(client);
      const nowMs = performance.now();
      if (open < fewest) movedMs = nowMs;
      fewest = Math.min(open, fewest);
      if (open === 0 || nowMs - movedMs > STANDSTILL_MS || signal.aborted) return (nowMs - startedMs) / 1000;
      if (Math.floor((nowMs - startedMs) / POLL_MS) % 15 === 0) say(`${open} jobs have not ended yet`);
      await sleep(POLL_MS);
    }
  } finally {
    await client.end();
  }
}

async function countOpen(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ open: number }>(
    'select count(*)::int as open from jobs where finished_at is null',
  );
  return rows[0]?.open ?? 0;
}
