import { createHistory } from '../history.js';
import { checkProduct } from '../lab/check-product.js';
import { openLoop } from '../lab/open-loop.js';
import { percentile } from '../lab/percentile.js';
import { startProduct, type Product } from '../lab/product.js';
import { startSchedule, type Fault } from '../lab/schedule.js';
import { flushesOf, killsOf, restartsOf, stallsOf } from '../lab/service-faults.js';
import { simulatedJob, simulatedOnly } from '../lab/simulated.js';
import { submitJob } from '../lab/submit-job.js';
import { untilAllEnded } from '../lab/until-all-ended.js';
import { createRandom, type Random } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import { historyFile } from '../lab/laboratory-file.js';

interface Size {
  readonly jobs: number;
  readonly perSecond: number;
  /** Milliseconds between two of a kind; of kills, of one service: of the three, one is killed in a third of that. */
  readonly killEveryMs: Fault['everyMs'];
  readonly flushEveryMs: Fault['everyMs'];
  readonly restartEveryMs: Fault['everyMs'];
  readonly stallMs: number;
}

const FULL: Size = {
  jobs: 20_000,
  perSecond: 200,
  killEveryMs: [9_000, 30_000],
  flushEveryMs: [30_000, 30_000],
  restartEveryMs: [8_000, 12_000],
  stallMs: 45_000,
};
const SHORT: Size = {
  jobs: 200,
  perSecond: 20,
  killEveryMs: [4_000, 8_000],
  flushEveryMs: [3_000, 5_000],
  restartEveryMs: [4_000, 6_000],
  stallMs: 3_000,
};

/** Of the rate that is asked for: the answers of the last ones are waited for, too. */
const REACHED_SHARE = 0.9;

export const load: Scenario = {
  name: 'load',
  promise: 'An answered createJob is never lost, never doubled, and ends (promises 1 to 5, I1, I3, I5)',
  target: '20,000 createJob at 200/s under kills of all services, FLUSHALL and PostgreSQL restarts: 0 lost, 0 doubled',
  run: async (run) => {
    const product = await startProduct(simulatedOnly(run.environment), {
      label: 'load',
      processes: { api: 2, dispatcher: 2, watcher: 2 },
    });
    try {
      return await runLoad(run, product, run.isShort ? SHORT : FULL);
    } finally {
      await product.stop();
    }
  },
};

async function runLoad(run: ScenarioRun, product: Product, size: Size): Promise<ScenarioResult> {
  const random = createRandom(run.seed);
  const path = historyFile('load');
  const history = createHistory(path);
  const answeredMs: number[] = [];
  const faults = startSchedule(faultsOf(product, size, random), random);
  const startedMs = performance.now();
  try {
    await openLoop(size.jobs, size.perSecond, run.signal, async () => {
      const askedMs = performance.now();
      await submitJob(product, history, simulatedJob(product, 'fast'));
      answeredMs.push(performance.now() - askedMs);
      if (answeredMs.length % 1_000 === 0) run.say(`${answeredMs.length} of ${size.jobs} answered`);
    });
  } finally {
    await faults.stop();
    history.close();
  }
  const submittedSeconds = (performance.now() - startedMs) / 1000;
  const endedSeconds = await untilAllEnded(product, run);
  const violations = await checkProduct(product, path);
  const answeredPerSecond = answeredMs.length / submittedSeconds;
  return {
    operations: answeredMs.length,
    faults: faults.counts,
    violations,
    figures: {
      'createJob answered': `${answeredPerSecond.toFixed(0)}/s of ${size.perSecond}/s`,
      'answer p50, p99 with all retries': `${percentile(answeredMs, 0.5).toFixed(0)} ms, ${percentile(answeredMs, 0.99).toFixed(0)} ms`,
      'all ended after the last fault': `${endedSeconds.toFixed(0)} s`,
      'jobs ended over the whole run': `${(answeredMs.length / (submittedSeconds + endedSeconds)).toFixed(1)}/s`,
    },
    missed:
      answeredPerSecond < size.perSecond * REACHED_SHARE
        ? [`${answeredPerSecond.toFixed(0)} of ${size.perSecond} createJob a second were answered`]
        : [],
  };
}

function faultsOf(product: Product, size: Size, random: Random): Fault[] {
  const { environment } = product;
  return [
    killsOf(product, 'api', size.killEveryMs, random),
    killsOf(product, 'dispatcher', size.killEveryMs, random),
    killsOf(product, 'watcher', size.killEveryMs, random),
    stallsOf(product, 'dispatcher', size.flushEveryMs, size.stallMs, random),
    flushesOf(environment, size.flushEveryMs),
    ...(environment.faultsUrl === null ? [] : [restartsOf(environment, 'postgres', size.restartEveryMs)]),
  ];
}
