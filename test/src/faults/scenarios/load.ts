import { createHistory, type History } from '../history.js';
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
  /** Asked for at the same rate before anything is broken, to compare with. */
  readonly calmJobs: number;
  readonly perSecond: number;
  /** Milliseconds between two of a kind; of kills, of one service: of the three, one is killed in a third of that. */
  readonly killEveryMs: Fault['everyMs'];
  readonly flushEveryMs: Fault['everyMs'];
  readonly restartEveryMs: Fault['everyMs'];
  readonly stallMs: number;
}

const FULL: Size = {
  jobs: 20_000,
  calmJobs: 2_000,
  perSecond: 200,
  killEveryMs: [9_000, 30_000],
  flushEveryMs: [30_000, 30_000],
  restartEveryMs: [8_000, 12_000],
  stallMs: 45_000,
};
const SHORT: Size = {
  jobs: 200,
  calmJobs: 40,
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
  const path = historyFile('load');
  const { calm, broken, faults } = await submitCalmAndBroken(run, product, size, path);
  const endedSeconds = await untilAllEnded(product, run);
  return {
    operations: calm.answeredMs.length + broken.answeredMs.length,
    faults,
    violations: await checkProduct(product, path),
    ...figuresOf({ calm, broken, endedSeconds, perSecond: size.perSecond }),
  };
}

async function submitCalmAndBroken(run: ScenarioRun, product: Product, size: Size, path: string) {
  const { jobs, calmJobs, perSecond } = size;
  const random = createRandom(run.seed);
  const history = createHistory(path);
  try {
    const calm = await submitJobs(run, product, history, { count: calmJobs, perSecond });
    await untilAllEnded(product, run);
    const faults = startSchedule(faultsOf(product, size, random), random);
    let broken: Submitted;
    try {
      broken = await submitJobs(run, product, history, { count: jobs, perSecond });
    } finally {
      await faults.stop();
    }
    return { calm, broken, faults: faults.counts };
  } finally {
    history.close();
  }
}

interface Submitted {
  /** From the first question to the answer of each, milliseconds. */
  readonly answeredMs: readonly number[];
  /** Until the last answer. */
  readonly seconds: number;
}

async function submitJobs(
  { say, signal }: ScenarioRun,
  product: Product,
  history: History,
  { count, perSecond }: { readonly count: number; readonly perSecond: number },
): Promise<Submitted> {
  const answeredMs: number[] = [];
  const startedMs = performance.now();
  await openLoop(count, perSecond, signal, async () => {
    const askedMs = performance.now();
    await submitJob(product, history, simulatedJob(product, 'fast'));
    answeredMs.push(performance.now() - askedMs);
    if (answeredMs.length % 1_000 === 0) say(`${answeredMs.length} of ${count} answered`);
  });
  return { answeredMs, seconds: (performance.now() - startedMs) / 1000 };
}

interface Measured {
  readonly calm: Submitted;
  readonly broken: Submitted;
  readonly endedSeconds: number;
  readonly perSecond: number;
}

function figuresOf({ calm, broken, endedSeconds, perSecond }: Measured): Pick<ScenarioResult, 'figures' | 'missed'> {
  const { answeredMs, seconds } = broken;
  const answeredPerSecond = answeredMs.length / seconds;
  return {
    figures: {
      'createJob answered': `${answeredPerSecond.toFixed(0)}/s of ${perSecond}/s`,
      'with nothing broken': `${(calm.answeredMs.length / calm.seconds).toFixed(0)}/s of ${perSecond}/s`,
      'answer p50, p99 with all retries': `${percentile(answeredMs, 0.5).toFixed(0)} ms, ${percentile(answeredMs, 0.99).toFixed(0)} ms`,
      'all ended after the last fault': `${endedSeconds.toFixed(0)} s`,
      'jobs ended over the whole run': `${(answeredMs.length / (seconds + endedSeconds)).toFixed(1)}/s`,
    },
    missed:
      answeredPerSecond < perSecond * REACHED_SHARE
        ? [`${answeredPerSecond.toFixed(0)} of ${perSecond} createJob a second were answered`]
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
