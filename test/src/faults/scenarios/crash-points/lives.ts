import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { RequestRefused, type CclusterClient, type CreateJobInput, type Job } from '@ccluster/client';
import { waitFor } from '@ccluster/testkit';

import { shellJob } from '../../../support/job-input.js';
import { deleteKubernetesJobOf, REFUSED_ANNOTATION, type ClusterAdmin } from '../../lab/admin.js';
import type { History } from '../../history.js';
import { persistently } from '../../lab/persistently.js';
import type { Product } from '../../lab/product.js';
import { ON_REAL_NODES, simulatedJob, type Fate } from '../../lab/simulated.js';
import { submitJob } from '../../lab/submit-job.js';
import type { Random } from '../../random.js';

/** What a life is lived in. */
export interface World {
  readonly product: Product;
  readonly admins: readonly ClusterAdmin[];
  readonly random: Random;
  readonly history: History;
}

const SECRET = { env: [{ name: 'TOKEN', value: 'secret', secret: true }] };
const REAL_SHARE = 0.2;
const END_TIMEOUT_MS = 240_000;
const ENDED: ReadonlySet<string> = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED']);

/** Lives of a job that, between them, come by every step that the services take. */
export const lives = {
  plain: async (world: World) => end(world, await create(world, 'echo one; echo two')),
  quick: async (world: World) => end(world, await createSimulated(world, 'fast')),
  cancelled: async (world: World) => {
    const job = await createAnywhere(world, 'sleep 2', 'slow');
    await pause(world, 1_500);
    await request(world, job, 'CANCEL_ANSWERED', (client) => client.cancelJob(job.id, 'at some moment'));
    await end(world, job);
  },
  suspended: async (world: World) => {
    const job = await createAnywhere(world, 'sleep 1', 'fast');
    await pause(world, 1_000);
    await request(world, job, 'SUSPEND_ANSWERED', (client) => client.suspendJob(job.id));
    await pause(world, 500);
    await request(world, job, 'RESUME_ANSWERED', (client) => client.resumeJob(job.id));
    await end(world, job);
  },
  deleted: async (world: World) => {
    const job = await createAnywhere(world, 'true', 'fast');
    await end(world, job);
    await tolerant(() => ask(world, (client) => client.deleteJob(job.id)));
    world.history.record({ op: 'DELETED', jobId: job.id });
  },
  rerun: async (world: World) => {
    const failsAtOdd = 'exit $((JOB_COMPLETION_INDEX % 2))';
    const job = await create(world, failsAtOdd, { completions: 3, parallelism: 3, backoffLimit: 0 });
    await end(world, job);
    const input = { requestId: randomUUID(), name: newName(), onlyFailed: true };
    const again = await tolerant(() => ask(world, (client) => client.rerunJob(job.id, input)));
    if (again === undefined) return;
    world.history.record({ op: 'RERUN_ANSWERED', jobId: again.id, rerunOf: job.id, onlyFailed: true });
    await end(world, again);
  },
  refused: async (world: World) =>
    end(world, await create(world, 'true', { annotations: [{ key: REFUSED_ANNOTATION, value: 'yes' }] })),
  /** Removed in its cluster by somebody else, while it runs. */
  gone: async (world: World) => {
    const job = await createAnywhere(world, 'sleep 15', 'slow');
    await removeOutside(world, job);
    await end(world, job);
  },
  /** The same, and the next to come by is the dispatcher: the watchers sleep. */
  goneUnseen: async (world: World) => {
    const job = await createAnywhere(world, 'sleep 15', 'slow');
    await waitFor(async () => statusOf(world, job).then((status) => status === 'RUNNING' || ENDED.has(status)), {
      timeoutMs: END_TIMEOUT_MS,
      what: `${job.name} to run`,
    });
    const { watcher } = world.product.services;
    watcher.forEach((each) => each.pause());
    try {
      await removeOutside(world, job);
      await request(world, job, 'SUSPEND_ANSWERED', (client) => client.suspendJob(job.id));
      await sleep(1_000);
    } finally {
      watcher.forEach((each) => each.resume());
    }
    await end(world, job);
  },
} as const;

export type Life = keyof typeof lives;

function create(world: World, script: string, overrides: Partial<CreateJobInput> = {}): Promise<Job> {
  const input = shellJob(world.product.environment, script, {
    name: newName(),
    placement: ON_REAL_NODES,
    ...SECRET,
    ...overrides,
  });
  return submitJob(world.product, world.history, input);
}

/** What it does is all in the services and the clusters' API servers: no container starts, and nothing is written. */
function createSimulated(world: World, fate: Fate): Promise<Job> {
  return submitJob(world.product, world.history, { ...simulatedJob(world.product, fate), ...SECRET, name: newName() });
}

/** Some run on real nodes; most do not, as many more of them have lived by the time a container has started. */
function createAnywhere(world: World, script: string, fate: Fate): Promise<Job> {
  return world.random.next() < REAL_SHARE ? create(world, script) : createSimulated(world, fate);
}

async function request(
  world: World,
  { id: jobId }: Job,
  op: 'CANCEL_ANSWERED' | 'SUSPEND_ANSWERED' | 'RESUME_ANSWERED',
  question: (client: CclusterClient) => Promise<Job>,
): Promise<void> {
  const askedAt = Date.now();
  const answered = await tolerant(() => ask(world, question));
  if (answered !== undefined) world.history.record({ op, jobId, status: answered.status, askedAt });
}

function newName(): string {
  return `f-${randomUUID().slice(0, 13)}`;
}

function ask<T>({ product }: World, question: Parameters<typeof persistently<T>>[1]): Promise<T> {
  return persistently(product.clients, question);
}

/** Refusals that a life can meet when its steps take longer than usual: it had ended before, or was deleted. */
async function tolerant<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RequestRefused && MET_LATE.has(error.code)) return undefined;
    throw error;
  }
}

const MET_LATE: ReadonlySet<string> = new Set(['JOB_FINISHED', 'NOTHING_TO_RERUN', 'NOT_FOUND', 'JOB_DELETED']);

function pause({ random }: World, longestMs: number): Promise<void> {
  return sleep(random.between(0, longestMs));
}

async function statusOf(world: World, { id: jobId }: Job): Promise<string> {
  const job = await ask(world, (client) => client.findJob(jobId));
  if (job !== undefined) world.history.record({ op: 'SAW_JOB', jobId, status: job.status, counts: job.counts });
  return job?.status ?? 'DELETED';
}

async function removeOutside(world: World, job: Job): Promise<void> {
  await waitFor(
    async () => {
      if (ENDED.has(await statusOf(world, job))) return true;
      const removed = await Promise.all(world.admins.map((admin) => deleteKubernetesJobOf(admin, job.id)));
      return removed.includes(true);
    },
    { timeoutMs: END_TIMEOUT_MS, what: `a Kubernetes Job of ${job.name}` },
  );
}

async function end(world: World, job: Job): Promise<void> {
  const deadlineMs = performance.now() + END_TIMEOUT_MS;
  while (!ENDED.has(await statusOf(world, job))) {
    if (performance.now() > deadlineMs) return; // The checker names it.
    await sleep(300);
  }
}
