import type { Job } from '@ccluster/client';
import { waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { objectsOfJob, objectsOfJobAnywhere } from '../support/cluster-objects.js';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

/** All GPUs of the east. */
const GPUS = 8;
/** Ends at once when it is told to. */
const UNTIL_TOLD = "trap 'exit 0' TERM; sleep 600 & wait";

describe('the line for capacity', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('line');
  });
  afterAll(() => platform.stop());

  async function submit(): Promise<string> {
    const { client, environment } = platform;
    const shape = { completions: GPUS, parallelism: GPUS, placement: { gpuTypes: ['H100'] } };
    // A test that fails must not keep the GPUs from others.
    const input = shellJob(environment, UNTIL_TOLD, { ...shape, activeDeadlineSeconds: 120 });
    return (await client.createJob(input)).id;
  }

  async function becomes(jobId: string, what: string, isSo: (job: Job) => boolean): Promise<void> {
    const { client } = platform;
    const look = async () => {
      const job = await client.findJob(jobId);
      return job !== undefined && isSo(job);
    };
    await waitFor(look, { timeoutMs: 60_000, what: `${jobId} to be ${what}` });
  }

  const runs = (jobId: string) => becomes(jobId, 'running', ({ counts }) => counts.running === GPUS);
  const waitsAs = (jobId: string, place: string) =>
    becomes(jobId, `${place} in line`, ({ status, reason }) => {
      const said = `${place} in line for h100-x1 on local-east, h100-x4 on local-east`;
      return status === 'QUEUED' && reason?.code === 'WAITING_FOR_CAPACITY' && reason.message === said;
    });

  it('is told to those who wait, and goes on from its front as soon as there is room', async () => {
    const { client, environment } = platform;
    const first = await submit();
    await runs(first);
    const second = await submit();
    await waitsAs(second, '1st');
    const third = await submit();
    await waitsAs(third, '2nd');
    expect((await objectsOfJobAnywhere(environment, second)).kubernetesJobs).toEqual([]);

    const handOversMs = [await handOver(first, second)];
    await runs(second);
    await waitsAs(third, '1st');
    handOversMs.push(await handOver(second, third));
    await runs(third);
    console.info(`from capacity freed to the next job's pod: ${handOversMs.map(Math.round).join(' ms, ')} ms`);
    await client.cancelJob(third);
    expect((await client.waitForEnd(third)).status).toBe('CANCELLED');
  });

  /** @returns from the first pod that has ended until the first pod of the next job is there, milliseconds */
  async function handOver(jobId: string, nextId: string): Promise<number> {
    await platform.client.cancelJob(jobId);
    const freedMs = await momentOf('a GPU to become free', async () => (await runningPodsOf(jobId)) < GPUS);
    const startedMs = await momentOf('a pod of the next job', async () => (await podsOf(nextId)).length > 0);
    return startedMs - freedMs;
  }

  async function runningPodsOf(jobId: string): Promise<number> {
    return (await podsOf(jobId)).filter(({ status }) => status?.phase === 'Running').length;
  }

  async function podsOf(jobId: string) {
    const east = platform.environment.clusters.find(({ name }) => name === 'local-east');
    if (east === undefined) throw new Error('The environment has no cluster in the east');
    return (await objectsOfJob(east, jobId)).pods;
  }
});

/** By the clock of `performance.now()`, milliseconds. */
async function momentOf(what: string, isSo: () => Promise<boolean>): Promise<number> {
  await waitFor(isSo, { timeoutMs: 60_000, what });
  return performance.now();
}
