import { randomBytes } from 'node:crypto';

import type { CclusterClient, CreateJobInput, Job } from '@ccluster/client';
import { waitFor } from '@ccluster/testkit';
import type pg from 'pg';

import { shellJob } from '../../support/job-input.js';
import type { Platform } from '../../support/platform.js';
import type { Beacons } from '../beacons.js';
import { readLiveCluster } from '../checker/live-objects.js';
import { digestOf, lineEntry, type History } from '../history.js';
import { linesScript } from '../test-lines.js';

const LINES = 20;
/** The first task succeeds, and the second fails after it: a failure ends the job, with all that still runs. */
const HALF = '[ "$JOB_COMPLETION_INDEX" = 0 ] || { sleep 8; exit 1; }';
const UNTIL_STOPPED = "trap 'exit 1' TERM; sleep 600 & wait";
const START_TIMEOUT_MS = 60_000;

export type ProofJobName = keyof ReturnType<typeof inputs> | 'again' | 'cancelled' | 'held';

/** What runs while the whole platform does. `good` is followed; the others are for one or two plants each. */
function inputs({ environment }: Platform, beacons: Beacons, canary: string) {
  const two = { completions: 2, parallelism: 2, backoffLimit: 0 };
  const quiet = { enableLogging: false };
  const secret = { env: [{ name: 'TOKEN', value: canary, secret: true }] };
  const job = (script: string, overrides: Partial<CreateJobInput> = {}) => {
    const announced = `${beacons.script(randomBytes(8).toString('hex'))}; ${script}`;
    return shellJob(environment, announced, { requestId: randomBytes(8).toString('hex'), ...overrides });
  };
  return {
    good: job(linesScript(LINES), { ...two, ...secret }),
    doubled: job(linesScript(LINES)),
    shortened: job(linesScript(LINES)),
    flipped: job('true', quiet),
    lost: job('true', quiet),
    failed: job(HALF, { ...two, ...quiet }),
    stopped: job(UNTIL_STOPPED, quiet),
  };
}

export interface ProofRun {
  readonly platform: Platform;
  readonly history: History;
  readonly beacons: Beacons;
  readonly database: pg.Client;
  /** The value of a secret variable. */
  readonly canary: string;
}

/** Runs every job to its end, and writes down what was answered. The dispatcher and the watcher are stopped after it. */
export async function runProofJobs({
  platform,
  history,
  beacons,
  database,
  canary,
}: ProofRun): Promise<Record<ProofJobName, Job>> {
  const { client } = platform;
  const create = (input: CreateJobInput) => createJob(client, history, input);
  const all = inputs(platform, beacons, canary);
  const entries = Object.entries(all).map(async ([name, input]) => [name, await create(input)] as const);
  const created = Object.fromEntries(await Promise.all(entries)) as Record<keyof typeof all, Job>;
  const following = follow(client, history, created.good.id);
  const stopped = stop(client, history, created.stopped.id);
  await client.waitForEnd(created.failed.id);
  const again = await rerun(client, history, created.failed.id);
  const jobs = { ...created, again };
  for (const { id } of Object.values(jobs)) await seeEnd(client, history, id);
  await Promise.all([following, stopped]);
  await waitFor(() => isCleanedUp(platform, database), { timeoutMs: 60_000, what: 'the clusters to be cleaned up' });
  await Promise.all([platform.services.watcher.stop(), platform.services.dispatcher.stop()]);
  const cancelled = await create(shellJob(platform.environment, 'true', { enableLogging: false }));
  const held = await create(shellJob(platform.environment, 'true', { enableLogging: false }));
  await control(history, 'CANCEL_ANSWERED', () => client.cancelJob(cancelled.id));
  await control(history, 'SUSPEND_ANSWERED', () => client.suspendJob(held.id));
  return { ...jobs, cancelled, held };
}

async function createJob(client: CclusterClient, history: History, input: CreateJobInput): Promise<Job> {
  const job = await client.createJob(input);
  const { completions, parallelism, enableLogging, name } = job;
  const { requestId = null } = input;
  const asked = { requestId, digest: digestOf(input), completions, parallelism, enableLogging };
  const lines = enableLogging ? { linesPerAttempt: LINES } : {};
  history.record({ op: 'CREATED', jobId: job.id, name, ...asked, ...lines });
  return job;
}

async function control(
  history: History,
  op: 'CANCEL_ANSWERED' | 'SUSPEND_ANSWERED' | 'SAW_JOB',
  ask: () => Promise<Job>,
): Promise<Job> {
  const askedAt = Date.now();
  const job = await ask();
  history.record({ op, jobId: job.id, status: job.status, askedAt });
  return job;
}

async function seeEnd(client: CclusterClient, history: History, jobId: string): Promise<void> {
  await client.waitForEnd(jobId);
  const askedAt = Date.now();
  const job = await client.findJob(jobId);
  if (job === undefined) throw new Error(`${jobId} is gone`);
  history.record({ op: 'SAW_JOB', jobId, status: job.status, counts: job.counts, askedAt });
}

async function stop(client: CclusterClient, history: History, jobId: string): Promise<void> {
  const isRunning = async () => (await client.findJob(jobId))?.status === 'RUNNING';
  await waitFor(isRunning, { timeoutMs: START_TIMEOUT_MS, what: 'the job that is to be stopped to run' });
  await control(history, 'CANCEL_ANSWERED', () => client.cancelJob(jobId));
}

async function rerun(client: CclusterClient, history: History, rerunOf: string): Promise<Job> {
  const name = `t-${randomBytes(6).toString('hex')}`;
  const job = await client.rerunJob(rerunOf, { name, onlyFailed: true });
  history.record({ op: 'RERUN_ANSWERED', jobId: job.id, rerunOf, onlyFailed: true });
  return job;
}

export const FOLLOWER = 'follower';

async function follow(client: CclusterClient, history: History, jobId: string): Promise<void> {
  const subscription = { subscriber: FOLLOWER, jobId };
  const events = async () => {
    for await (const { cursor, type, status } of client.followEvents(jobId))
      history.record({ op: 'EVENT', ...subscription, cursor, type, status });
    history.record({ op: 'EVENTS_COMPLETED', ...subscription });
  };
  const logs = async () => {
    for await (const { lines } of client.followLogs(jobId))
      for (const line of lines) history.record(lineEntry(FOLLOWER, jobId, line));
    history.record({ op: 'LINES_COMPLETED', ...subscription });
  };
  await Promise.all([events(), logs()]);
}

/** Nothing is left in the clusters, and the rows say so. */
async function isCleanedUp({ environment, env }: Platform, database: pg.Client): Promise<boolean> {
  const { rowCount } = await database.query(
    `select 1 from jobs where (state ->> 'cleaned')::boolean is not true limit 1`,
  );
  if (rowCount !== 0) return false;
  for (const { kubeconfig } of environment.clusters) {
    const { kubernetesJobs, pods, secrets } = await readLiveCluster(kubeconfig, env.CCLUSTER_INSTALLATION);
    if (kubernetesJobs.length + pods.length + secrets.length > 0) return false;
  }
  return true;
}
