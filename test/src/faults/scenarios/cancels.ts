import { setTimeout as sleep } from 'node:timers/promises';

import { RequestRefused } from '@ccluster/client';

import { createHistory, type History } from '../history.js';
import { checkProduct } from '../lab/check-product.js';
import { historyFile } from '../lab/laboratory-file.js';
import { openLoop } from '../lab/open-loop.js';
import { persistently } from '../lab/persistently.js';
import { startProduct, type Product } from '../lab/product.js';
import { startSchedule } from '../lab/schedule.js';
import { killsOf } from '../lab/service-faults.js';
import { simulatedJob, simulatedOnly } from '../lab/simulated.js';
import { submitJob } from '../lab/submit-job.js';
import { untilAllEnded } from '../lab/until-all-ended.js';
import { createRandom, type Random } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';

const FULL = { jobs: 10_000, perSecond: 40, killEveryMs: [10_000, 20_000] } as const;
const SHORT = { jobs: 100, perSecond: 10, killEveryMs: [3_000, 5_000] } as const;
/** From a job's creation to its cancel: before it is placed, while it is dispatched, and when its pod runs. */
const LONGEST_DELAY_MS = 3_000;

export const cancels: Scenario = {
  name: 'cancels',
  promise:
    'A cancel that is answered before the release lets no pod start; CANCELLED means that none is left (I2, promise 4)',
  target: '10,000 cancels at random moments: 0 violations',
  run: async (run) => {
    const product = await startProduct(simulatedOnly(run.environment), {
      label: 'cancels',
      processes: { api: 1, dispatcher: 2, watcher: 2 },
    });
    try {
      return await runCancels(run, product, run.isShort ? SHORT : FULL);
    } finally {
      await product.stop();
    }
  },
};

async function runCancels(
  run: ScenarioRun,
  product: Product,
  size: typeof FULL | typeof SHORT,
): Promise<ScenarioResult> {
  const random = createRandom(run.seed);
  const path = historyFile('cancels');
  const history = createHistory(path);
  const faults = startSchedule([killsOf(product, 'dispatcher', size.killEveryMs, random)], random);
  const answers: Record<string, number> = {};
  let done = 0;
  try {
    await openLoop(size.jobs, size.perSecond, run.signal, async (i) => {
      const answer = await cancelOne(product, history, random.fork(`job ${i}`));
      answers[answer] = (answers[answer] ?? 0) + 1;
      done += 1;
      if (done % 1_000 === 0) run.say(`${done} of ${size.jobs} cancelled`);
    });
  } finally {
    await faults.stop();
    history.close();
  }
  await untilAllEnded(product, run);
  return {
    operations: done,
    faults: faults.counts,
    violations: await checkProduct(product, path),
    figures: {
      'cancelJob answered with': Object.entries(answers)
        .map((each) => each.join(' '))
        .join(', '),
    },
    missed: [],
  };
}

/** @returns the status that cancelJob was answered with, or why it was refused */
async function cancelOne(product: Product, history: History, random: Random): Promise<string> {
  const { id: jobId } = await submitJob(product, history, simulatedJob(product, 'slow'));
  await sleep(random.between(0, LONGEST_DELAY_MS));
  const askedAt = Date.now();
  try {
    const { status } = await persistently(product.clients, (client) => client.cancelJob(jobId));
    history.record({ op: 'CANCEL_ANSWERED', jobId, status, askedAt });
    return status;
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    return error.code;
  }
}
