import { randomUUID } from 'node:crypto';

import type { CreateJobInput, Job } from '@ccluster/client';

import { privateImageOf, shellJob } from '../../../support/job-input.js';
import type { Product } from '../../lab/product.js';
import type { Caller } from './caller.js';
import type { Canaries } from './canaries.js';
import type { SecretEcho } from './secret-echo.js';

const EVENTS = `subscription ($jobId: ID!) { jobEvents(jobId: $jobId) { type message status podStatus
  pod { name reason { code message } } job { name warnings { message } reason { code message } } } }`;
const LOGS = 'subscription ($jobId: ID!) { jobLogs(jobId: $jobId) { lines { text gapBefore { message } } } }';
const JOB = `query ($id: ID!) { job(id: $id) { name status command argv hasImagePullSecret createdBy imageUrl
  env { name value secret } annotations { key value } reason { code message } warnings { message }
  placement { explanation } rerunOf { id } tasks { edges { node { status reason { message } } } }
  pods { edges { node { name reason { code message } } } } events { edges { node { type message } } }
  logs(first: 100) { edges { node { text } } } } }`;
const WAIT_MS = 120_000;

export interface Surroundings {
  readonly product: Product;
  readonly caller: Caller;
  readonly canaries: Canaries;
  /** A cluster that repeats the Secrets that it refuses; undefined where there is none. */
  readonly echo: SecretEcho;
}

/** Jobs with secrets, one for each way a life can go. @returns how many jobs there were */
export async function liveJobs(around: Surroundings): Promise<number> {
  const { product } = around;
  const [client] = product.clients;
  if (client === undefined) throw new Error('A product needs an api');
  const jobs: Job[] = [];
  const create = async (life: string, script: string, changes: Partial<CreateJobInput> = {}): Promise<Job> => {
    const job = await client.createJob(
      withSecrets(around, life, { ...shellJob(product.environment, script), ...changes }),
    );
    jobs.push(job);
    return job;
  };
  const until = (job: Job, statuses: readonly string[]) => untilStatus(around, job, statuses);
  const rerun = async (job: Job): Promise<void> => {
    await until(job, ['SUCCEEDED', 'FAILED', 'CANCELLED']);
    jobs.push(await client.rerunJob(job.id, { name: `r-${randomUUID().slice(0, 13)}` }));
    await client.rerunJob(job.id, { name: 'again', onlyFailed: true }).catch(() => undefined);
  };
  const lives: (() => Promise<void>)[] = [
    async () => rerun(await create('that succeeds', 'echo done')),
    async () => rerun(await create('that fails', 'echo failed >&2; exit 3', { backoffLimit: 0 })),
    async () => void (await client.cancelJob((await create('cancelled at once', 'sleep 60')).id, 'not wanted')),
    async () => {
      const job = await create('cancelled as it runs', 'sleep 60');
      await until(job, ['RUNNING']);
      await client.cancelJob(job.id);
    },
    async () => {
      const job = await create('suspended and resumed', 'sleep 1');
      await client.suspendJob(job.id);
      await until(job, ['SUSPENDED', 'SUCCEEDED']);
      await client.resumeJob(job.id).catch(() => undefined);
    },
    async () => void (await create('that runs out of time', 'sleep 60', { activeDeadlineSeconds: 2 })),
    async () => void (await create('whose image is refused', '', refusedImage(around))),
    async () => void (await create('that its cluster refuses', 'true', around.echo.refusedJob)),
    async () => until(await create('whose Secrets are refused', 'true', around.echo.refusedSecrets), ['FAILED']),
    async () => askTwice(around),
  ];
  await Promise.all(lives.map((live) => live()));
  for (const job of jobs) {
    await until(job, ['SUCCEEDED', 'FAILED', 'CANCELLED']);
    await around.caller.follow(EVENTS, { jobId: job.id });
    await around.caller.follow(LOGS, { jobId: job.id });
    await around.caller.ask(JOB, { id: job.id });
  }
  await around.caller.ask('{ jobs(first: 100) { edges { node { name argv command env { value } } } } }');
  return jobs.length;
}

function withSecrets({ canaries }: Surroundings, life: string, input: CreateJobInput): CreateJobInput {
  const secret = (field: string) => canaries.plant(`${field} of a job ${life}`);
  return {
    imagePullSecret: { username: secret('user name'), password: secret('password') },
    ...input,
    env: [
      { name: 'SECRET', value: secret('variable') },
      { name: 'ALSO_SECRET', value: `${secret('variable')}"\\\n`, secret: true },
    ],
  };
}

/** Of a registry that asks for a password, with another one. */
function refusedImage({ product: { environment }, canaries }: Surroundings): Partial<CreateJobInput> {
  if (environment.privateImage === null) return {};
  const { url, tag, username } = privateImageOf(environment);
  const password = canaries.plant('password that a registry refuses');
  return { imageUrl: url, imageTag: tag, imagePullSecret: { username, password } };
}

async function askTwice(around: Surroundings): Promise<void> {
  const { product, caller } = around;
  const CREATE = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id status } }';
  const input = withSecrets(around, 'asked for twice', shellJob(product.environment, 'true'));
  const request = { ...input, requestId: randomUUID() };
  await caller.ask(CREATE, { input: request });
  await caller.ask(CREATE, { input: request });
  await caller.ask(CREATE, { input: withSecrets(around, 'that conflicts', request) });
}

async function untilStatus({ caller }: Surroundings, { id, name }: Job, statuses: readonly string[]): Promise<void> {
  for (const untilMs = performance.now() + WAIT_MS; performance.now() < untilMs;) {
    const data = await caller.ask('query ($id: ID!) { job(id: $id) { status reason { code message } } }', { id });
    const { status } = (data?.['job'] ?? {}) as { status?: string };
    if (status !== undefined && statuses.includes(status)) return;
    await new Promise((later) => setTimeout(later, 500));
  }
  throw new Error(`The job ${name} did not become ${statuses.join(' or ')}`);
}
