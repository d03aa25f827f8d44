import { setTimeout as sleep } from 'node:timers/promises';

import { chooseDisruption, type Disruption } from './disruption.js';
import type { Measured } from './measured.js';
import type { Site } from './site.js';

const CANCELLED_SHARE = 0.1;
/** For each disruption, on average. */
const MOST_TRIES = 3;

/** One disruption after the other, with more to see all the time. One that finds nothing to strike is tried anew. */
export async function disruptSite(site: Site, count: number, signal: AbortSignal): Promise<Measured[]> {
  const { churn, random } = site;
  const measured: Measured[] = [];
  for (let tries = 0; measured.length < count && tries < count * MOST_TRIES; tries += 1) {
    signal.throwIfAborted();
    if (random.next() < CANCELLED_SHARE) await churn.cancelNewest();
    await churn.keepUp();
    const one = await measure(site, chooseDisruption(random));
    if (one !== undefined) measured.push(one);
    await sleep(random.between(50, 500));
  }
  return measured;
}

async function measure({ disruptor, lag }: Site, disruption: Disruption): Promise<Measured | undefined> {
  const endedMs = await disruptor.disrupt(disruption);
  if (endedMs === undefined) return undefined;
  const hidden = await lag.caughtUp();
  return { name: disruption.name, convergenceMs: performance.now() - endedMs, hidden };
}
