import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { createHistory, type History } from '../history.js';
import { checkProduct } from '../lab/check-product.js';
import { historyFile } from '../lab/laboratory-file.js';
import { openLoop } from '../lab/open-loop.js';
import { startOutages, type Outages } from '../lab/outages.js';
import { percentile } from '../lab/percentile.js';
import { startProduct, type Product } from '../lab/product.js';
import { simulatedJob, simulatedOnly } from '../lab/simulated.js';
import { submitJob } from '../lab/submit-job.js';
import { untilAllEnded } from '../lab/until-all-ended.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';

const FULL = { partitionMs: 600_000, baselineMs: 120_000, perSecond: 4 };
const SHORT = { partitionMs: 15_000, baselineMs: 10_000, perSecond: 3 };
const CONVERGED_SECONDS = 30;
/** Of the jobs, those that name the cluster that is cut off. */
const CUT_SHARE = 1 / 4;
const HELD_BACK_PER_SECOND = 20;
/** Dispatch of the other cluster's jobs may be slower by this share. */
const ALLOWED_SLOWDOWN = 0.1;

export const partition: Scenario = {
  name: 'partition',
  promise: 'A cluster that is cut off holds up no other, and nothing of it is placed twice (I1, I3, promise 3)',
  target: "10 minutes of partition: the other cluster's dispatch p99 within 10 %, converged 30 s after healing",
  run: async (run) => {
    const environment = simulatedOnly(run.environment);
    const outages = await startOutages(environment.clusters);
    const product = await startProduct(environment, {
      label: 'partition',
      processes: { api: 1, dispatcher: 2, watcher: 2 },
      kubeconfigsOf: outages.kubeconfigsOf,
    });
    try {
      return await runPartition(run, product, outages, run.isShort ? SHORT : FULL);
    } finally {
      await product.stop();
      await outages.close();
    }
  },
};

async function runPartition(
  run: ScenarioRun,
  product: Product,
  outages: Outages,
  size: typeof FULL,
): Promise<ScenarioResult> {
  const [cut, other] = [...product.clusterIds];
  if (cut === undefined || other === undefined) throw new Error('A partition needs two clusters');
  const path = historyFile('partition');
  const history = createHistory(path);
  const before = await loadBoth(run, product, history, size.baselineMs, size.perSecond);
  run.say(`${cut[0]} is cut off for ${size.partitionMs / 1000} s`);
  outages.partition(cut[0]);
  const during = await loadBoth(run, product, history, size.partitionMs, size.perSecond);
  outages.heal(cut[0]);
  const healedSeconds = await untilAllEnded(product, run);
  const waited = Math.round((size.partitionMs / 1000) * size.perSecond * CUT_SHARE);
  const peerSeconds = await endHeldBack(run, product, history, cut[1], waited);
  history.close();
  const baseline = await dispatchLatencies(product, other[1], before);
  const measured = await dispatchLatencies(product, other[1], during);
  const [p99Before, p99During] = [percentile(baseline, 0.99), percentile(measured, 0.99)];
  const violations = await checkProduct(product, path);
  return {
    operations: before.length + during.length + waited,
    faults: { [`partition of ${size.partitionMs / 1000} s`]: 1 },
    violations,
    figures: {
      "dispatch p99 of the other cluster's jobs": `${p99Before.toFixed(0)} ms before, ${p99During.toFixed(0)} ms during`,
      'all ended after healing': `${healedSeconds.toFixed(1)} s, ${waited} jobs for the cluster that was cut off`,
      'as many that waited for dispatchers, nothing broken': `${peerSeconds.toFixed(1)} s`,
    },
    missed: [
      ...(p99During > p99Before * (1 + ALLOWED_SLOWDOWN)
        ? [`p99 ${p99During.toFixed(0)} ms of ${p99Before.toFixed(0)} ms + 10 %`]
        : []),
      ...(healedSeconds > CONVERGED_SECONDS ? [`converged after ${healedSeconds.toFixed(1)} s`] : []),
    ],
  };
}

/**
 * As many jobs for the same cluster, held back until all are accepted: how long a partition's end would take if it were
 * nothing but the work that had piled up.
 */
async function endHeldBack(
  run: ScenarioRun,
  product: Product,
  history: History,
  clusterId: string,
  count: number,
): Promise<number> {
  const { dispatcher } = product.services;
  for (const process of dispatcher) process.pause();
  await openLoop(count, HELD_BACK_PER_SECOND, run.signal, async () => {
    const input = simulatedJob(product, 'fast');
    await submitJob(product, history, { ...input, placement: { ...input.placement, clusterId } });
  });
  for (const process of dispatcher) process.resume();
  return untilAllEnded(product, run);
}

/** Jobs for either cluster, and jobs that may run anywhere, by turns. @returns ids of those that name the second */
async function loadBoth(
  run: ScenarioRun,
  product: Product,
  history: History,
  durationMs: number,
  perSecond: number,
): Promise<string[]> {
  const ids: string[] = [];
  const [cut, other] = [...product.clusterIds.values()];
  const targets = [other, other, cut, undefined];
  await openLoop((durationMs / 1000) * perSecond, perSecond, run.signal, async (i) => {
    const clusterId = targets[i % targets.length];
    const input = simulatedJob(product, 'fast');
    const placement = { ...input.placement, ...(clusterId === undefined ? {} : { clusterId }) };
    const job = await submitJob(product, history, { ...input, placement });
    if (clusterId === other) ids.push(job.id);
  });
  // What was just submitted is dispatched before the weather changes.
  await sleep(2_000);
  return ids;
}

/** From being accepted to being armed and sent, milliseconds. */
async function dispatchLatencies(product: Product, clusterId: string, jobIds: readonly string[]): Promise<number[]> {
  const client = new pg.Client({ connectionString: product.env.DATABASE_URL });
  await client.connect();
  try {
    const { rows } = await client.query<{ ms: number }>(
      `select extract(epoch from e.at - j.created_at)::float8 * 1000 as ms
         from jobs j join job_events e on e.job_id = j.id and e.type = 'DISPATCHED'
        where j.cluster_id = $1 and j.id = any($2)`,
      [clusterId, jobIds],
    );
    return rows.map(({ ms }) => ms);
  } finally {
    await client.end();
  }
}
