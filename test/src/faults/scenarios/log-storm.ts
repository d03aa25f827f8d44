import type { Job } from '@ccluster/client';

import { shellJob } from '../../support/job-input.js';
import { createHistory, lineEntry, type History } from '../history.js';
import { checkProduct } from '../lab/check-product.js';
import { historyFile } from '../lab/laboratory-file.js';
import { resetsOf, startOutages, type Outages } from '../lab/outages.js';
import { persistently } from '../lab/persistently.js';
import { startProduct, type Product } from '../lab/product.js';
import { startSchedule, type Fault } from '../lab/schedule.js';
import { killsOf, restartsOf } from '../lab/service-faults.js';
import { submitJob } from '../lab/submit-job.js';
import { createRandom } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import { linesScript } from '../test-lines.js';
import type { Violation } from '../violation.js';

/** Pods, over both clusters; a part of them at a time, since the nodes are small. */
const FULL = {
  pods: 200,
  atOnce: 40,
  lines: 5_000,
  linesPerSecond: 100,
  resetEveryMs: [1_000, 3_000],
  killEveryMs: [15_000, 30_000],
} as const;
const SHORT = {
  pods: 8,
  atOnce: 4,
  lines: 1_000,
  linesPerSecond: 100,
  resetEveryMs: [1_000, 2_000],
  killEveryMs: [4_000, 6_000],
} as const;

export const logStorm: Scenario = {
  name: 'log-storm',
  promise: 'Every log line is kept, once, in order; what could not be had is a gap that says so (promise 8)',
  target: '1,000,000 lines of 200 pods under resets, watcher kills and API server restarts: 0 lost, 0 doubled',
  run: async (run) => {
    const outages = await startOutages(run.environment.clusters);
    const product = await startProduct(run.environment, {
      label: 'log-storm',
      processes: { api: 1, dispatcher: 1, watcher: 2 },
      kubeconfigsOf: outages.kubeconfigsOf,
    });
    try {
      return await runStorm(run, product, outages, run.isShort ? SHORT : FULL);
    } finally {
      await product.stop();
      await outages.close();
    }
  },
};

async function runStorm(
  run: ScenarioRun,
  product: Product,
  outages: Outages,
  size: typeof FULL | typeof SHORT,
): Promise<ScenarioResult> {
  const path = historyFile('log-storm');
  const history = createHistory(path);
  const random = createRandom(run.seed);
  const jobs = await Promise.all([...product.clusterIds.values()].map((id) => submitStorm(product, history, id, size)));
  const faults = startSchedule(faultsOf(product, outages, size), random);
  const startedMs = performance.now();
  let lines = 0;
  let gaps = 0;
  const count = (isGap: boolean): void => {
    lines += isGap ? 0 : 1;
    gaps += isGap ? 1 : 0;
    if (lines % 50_000 === 0 && !isGap) run.say(`${lines} lines`);
  };
  try {
    await Promise.all(jobs.map((job) => followStorm(product, history, job, count)));
  } finally {
    await faults.stop();
    history.close();
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const written = size.pods * size.lines;
  return {
    operations: lines,
    faults: faults.counts,
    violations: [...(await checkProduct(product, path)), ...(await failedOf(product, jobs))],
    figures: {
      // More than were asked for where a pod was lost and its task ran again: the checker knows what each has written.
      'lines kept': `${lines}; ${written} asked for, ${gaps} gaps stated`,
      'lines a second': (lines / seconds).toFixed(0),
    },
    missed: lines < written ? [`${written - lines} lines could not be had; each place says so by a gap`] : [],
  };
}

/** Nothing that a fault of ours does is the fault of a job. */
async function failedOf(product: Product, jobs: readonly Job[]): Promise<Violation[]> {
  const ended = await Promise.all(
    jobs.map(({ id }) => persistently(product.clients, (client) => client.waitForEnd(id))),
  );
  return ended
    .filter(({ status }) => status !== 'SUCCEEDED')
    .map(({ id, status, reason }) => ({
      rule: 'P5 end or reason',
      subject: id,
      what: `is ${status}: ${reason?.message ?? 'for no reason'}`,
    }));
}

function submitStorm(
  product: Product,
  history: History,
  clusterId: string,
  size: typeof FULL | typeof SHORT,
): Promise<Job> {
  const share = size.pods / product.clusterIds.size;
  const input = shellJob(product.environment, linesScript(size.lines, { linesPerSecond: size.linesPerSecond }), {
    completions: share,
    parallelism: Math.min(size.atOnce / product.clusterIds.size, share),
    placement: { clusterId, gpuTypes: [] },
  });
  return submitJob(product, history, input, size.lines);
}

async function followStorm(
  product: Product,
  history: History,
  job: Job,
  count: (isGap: boolean) => void,
): Promise<void> {
  const [client] = product.clients;
  if (client === undefined) throw new Error('There is no api');
  const subscriber = `follower of ${job.id}`;
  for await (const { lines } of client.followLogs(job.id)) {
    for (const line of lines) {
      history.record(lineEntry(subscriber, job.id, line));
      count(line.gapBefore !== null && line.gapBefore !== undefined);
    }
  }
  history.record({ op: 'LINES_COMPLETED', subscriber, jobId: job.id });
}

function faultsOf(product: Product, outages: Outages, size: typeof FULL | typeof SHORT): Fault[] {
  const { environment } = product;
  const apiServers = environment.clusters.map(({ name }) => `${name}/api-server`);
  return [
    resetsOf(outages, size.resetEveryMs),
    killsOf(product, 'watcher', size.killEveryMs, createRandom(1)),
    ...(environment.faultsUrl === null
      ? []
      : apiServers.map((target) => restartsOf(environment, target, size.killEveryMs))),
  ];
}
