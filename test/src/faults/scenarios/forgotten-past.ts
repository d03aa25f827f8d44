import { setTimeout as sleep } from 'node:timers/promises';

import type { Job } from '@ccluster/client';
import type { TestCluster, TestEnvironment } from '@ccluster/testkit';

import { createHistory, type History } from '../history.js';
import { clusterAdmin } from '../lab/admin.js';
import { checkProduct } from '../lab/check-product.js';
import { historyFile } from '../lab/laboratory-file.js';
import { startOutages, type Outages } from '../lab/outages.js';
import { percentile } from '../lab/percentile.js';
import { startProduct, type Product } from '../lab/product.js';
import { breakComponent } from '../lab/service-faults.js';
import { simulatedJob, simulatedOnly } from '../lab/simulated.js';
import { submitJob } from '../lab/submit-job.js';
import { createRandom } from '../random.js';
import type { Scenario, ScenarioResult, ScenarioRun } from '../scenario.js';
import type { Violation } from '../violation.js';

const ROUNDS = { full: 40, short: 3 };
const JOBS = 5;
const NOTICED_MS = 60_000;
const POLL_MS = 250;

/**
 * `wipe`: another cluster answers at the address. `restore`: the same one, without what came after the snapshot. The
 * last: the same, and when it is seen again, its resource versions have reached what was seen before.
 */
type Past = 'wipe' | 'restore' | 'restore that caught up';
const PASTS: readonly Past[] = ['restore', 'wipe', 'restore that caught up', 'wipe'];

export const forgottenPast: Scenario = {
  name: 'forgotten-past',
  promise: 'A cluster that forgot the past is noticed, and nothing is run again by itself (I1, promises 3 and 5)',
  target: 'a wiped and a restored etcd, each × 20: noticed within 60 s, nothing re-run, stated',
  run: async (run) => {
    const noticedMs: number[] = [];
    const violations: Violation[] = [];
    const faults: Partial<Record<Past, number>> = {};
    const random = createRandom(run.seed);
    const rounds = run.isShort ? ROUNDS.short : ROUNDS.full;
    for (let round = 0; round < rounds && !run.signal.aborted; round += 1) {
      const past = PASTS[round % PASTS.length] ?? 'wipe';
      const cluster = random.pick(simulatedOnly(run.environment).clusters);
      const result = await forget(run, cluster, past);
      run.say(`${past} of ${cluster.name}: noticed after ${(result.noticedMs / 1000).toFixed(1)} s`);
      noticedMs.push(result.noticedMs);
      violations.push(...result.violations);
      faults[past] = (faults[past] ?? 0) + 1;
    }
    return resultOf(noticedMs, violations, faults);
  },
};

function resultOf(noticedMs: number[], violations: Violation[], faults: Record<string, number>): ScenarioResult {
  const slowest = Math.max(...noticedMs);
  return {
    operations: noticedMs.length * JOBS,
    faults,
    violations,
    figures: {
      'noticed p50, slowest': `${(percentile(noticedMs, 0.5) / 1000).toFixed(1)} s, ${(slowest / 1000).toFixed(1)} s`,
    },
    missed: slowest > NOTICED_MS ? [`noticed after ${(slowest / 1000).toFixed(1)} s`] : [],
  };
}

/** One cluster, one product of its own: the registration is worth nothing afterwards. */
async function forget(
  run: ScenarioRun,
  cluster: TestCluster,
  past: Past,
): Promise<{ noticedMs: number; violations: Violation[] }> {
  const environment = { ...run.environment, clusters: [cluster] };
  if (past !== 'wipe') await breakComponent(environment, `${cluster.name}/etcd`, 'snapshot');
  const outages = await startOutages(environment.clusters);
  const product = await startProduct(environment, {
    label: 'past',
    processes: { api: 1, dispatcher: 1, watcher: 1 },
    kubeconfigsOf: outages.kubeconfigsOf,
  });
  const path = historyFile('forgotten-past');
  const history = createHistory(path);
  try {
    const jobs = await runningJobs(product, history);
    if (past === 'restore that caught up') await restoreUnseen(environment, cluster, outages);
    else await breakComponent(environment, `${cluster.name}/etcd`, past);
    const startedMs = performance.now();
    const violations = await untilNoticed(product, jobs, past);
    const noticedMs = performance.now() - startedMs;
    // Long enough for a sweep, a reconciliation and a full look: whatever would run a job again.
    await sleep(run.isShort ? 5_000 : 20_000);
    history.close();
    return { noticedMs, violations: [...violations, ...(await checkProduct(product, path))] };
  } finally {
    await product.stop();
    await outages.close();
  }
}

/** Nobody sees the cluster until its newest resource version is none it had not had before. */
async function restoreUnseen(environment: TestEnvironment, cluster: TestCluster, outages: Outages): Promise<void> {
  const { core } = clusterAdmin(cluster);
  const newestVersion = async (): Promise<number> => {
    const { metadata } = await core.listNamespace({ limit: 1 });
    return Number(metadata?.resourceVersion);
  };
  const seen = await newestVersion();
  outages.partition(cluster.name);
  await breakComponent(environment, `${cluster.name}/etcd`, 'restore');
  while ((await newestVersion()) <= seen) {
    const { metadata } = await core.createNamespacedConfigMap({
      namespace: 'default',
      body: { metadata: { generateName: 'faults-' } },
    });
    await core.deleteNamespacedConfigMap({ namespace: 'default', name: metadata?.name ?? '' });
  }
  outages.heal(cluster.name);
}

async function runningJobs(product: Product, history: History): Promise<Job[]> {
  const inputs = Array.from({ length: JOBS }, () => simulatedJob(product, 'slow'));
  const jobs = await Promise.all(inputs.map((input) => submitJob(product, history, input)));
  await untilEach(product, jobs, 120_000, ({ status }) => status === 'RUNNING');
  return jobs;
}

/** Each has failed as KUBERNETES_JOB_GONE, or waits and says that its cluster is not there any more. */
async function untilNoticed(product: Product, jobs: readonly Job[], past: Past): Promise<Violation[]> {
  const isStated = ({ reason }: Job): boolean =>
    reason?.code === 'KUBERNETES_JOB_GONE' || (past === 'wipe' && reason?.code === 'CLUSTER_UNREACHABLE');
  const late = await untilEach(product, jobs, NOTICED_MS * 2, isStated);
  return late.map((job) => ({
    rule: 'P5 end or reason',
    subject: job.id,
    what: `${job.status} with reason ${job.reason?.code ?? 'none'}, though its cluster has forgotten it`,
  }));
}

/** @returns those for which it did not come to be so in time, as they are now */
async function untilEach(
  { clients: [client] }: Product,
  jobs: readonly Job[],
  timeoutMs: number,
  isSo: (job: Job) => boolean,
): Promise<Job[]> {
  const deadlineMs = performance.now() + timeoutMs;
  let open: Job[] = [...jobs];
  while (open.length > 0 && performance.now() < deadlineMs) {
    const now = await Promise.all(open.map(async ({ id }) => client?.findJob(id).catch(() => undefined)));
    open = open.map((job, i) => now[i] ?? job).filter((job) => !isSo(job));
    await sleep(POLL_MS);
  }
  return open;
}
