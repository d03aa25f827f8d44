import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@ccluster/testkit';

import { objectsOfJobAnywhere } from '../support/cluster-objects.js';
import { allEvents, allLogLines, allTasks, texts } from '../support/collect.js';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

describe('cancelling', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('cancel');
  });
  afterAll(() => platform.stop());

  async function becomes(jobId: string, status: string): Promise<void> {
    await waitFor(async () => (await platform.client.findJob(jobId))?.status === status, {
      timeoutMs: 60_000,
      what: `${jobId} to be ${status}`,
    });
  }

  async function expectNothingLeft(jobId: string): Promise<void> {
    const { pods } = await objectsOfJobAnywhere(platform.environment, jobId);
    expect(pods.filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')).toEqual([]);
    await waitFor(async () => (await objectsOfJobAnywhere(platform.environment, jobId)).kubernetesJobs.length === 0, {
      timeoutMs: 60_000,
      what: 'the Kubernetes Job to be deleted',
    });
  }

  it('ends a queued job at once: no pod of it ever starts', async () => {
    const { client, environment, services } = platform;
    await services.dispatcher.stop();
    const { id } = await client.createJob(shellJob(environment, 'echo never'));
    const cancelled = await client.cancelJob(id, 'changed my mind');
    expect(cancelled).toMatchObject({ status: 'CANCELLED', counts: { cancelled: 1 } });
    expect(cancelled.reason?.message).toContain('changed my mind');
    expect((await client.cancelJob(id)).status).toBe('CANCELLED');
    await services.dispatcher.start();
    expect(await objectsOfJobAnywhere(environment, id)).toEqual({ kubernetesJobs: [], pods: [] });
    expect(await allTasks(client, id)).toMatchObject([{ status: 'CANCELLED', attempts: [] }]);
  });

  it('ends a starting job, whose image is still being pulled', async () => {
    const { client, environment } = platform;
    const input = shellJob(environment, 'echo never', { imageTag: 'no-such-tag', completions: 3, parallelism: 3 });
    const { id } = await client.createJob(input);
    await becomes(id, 'STARTING');
    await client.cancelJob(id);
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'CANCELLED', counts: { cancelled: 3 } });
    await expectNothingLeft(id);
  });

  it('ends a running job, says CANCELLING until no pod is left, and keeps its lines', async () => {
    const { client, environment } = platform;
    const input = shellJob(environment, 'echo running; sleep 600', { completions: 4, parallelism: 4 });
    const { id, eventCursor } = await client.createJob(input);
    await waitFor(async () => (await client.findJob(id))?.counts.running === 4, {
      timeoutMs: 60_000,
      what: 'every pod to run, so that none ends before it has begun',
    });
    expect((await client.cancelJob(id)).status).toBe('CANCELLING');
    const job = await client.waitForEnd(id);
    expect(job.status).toBe('CANCELLED');
    await expectNothingLeft(id);
    const lines = await allLogLines(client, id);
    expect(texts(lines).toSorted()).toEqual([0, 1, 2, 3].map((index) => `${index}/1 running`));
    const types = (await allEvents(client, id, eventCursor)).map(({ type }) => type);
    expect(types.filter((type) => type === 'CANCEL_REQUESTED')).toHaveLength(1);
    expect(types.at(-1)).toBe('FINISHED');
  });

  it('is refused with JOB_FINISHED for a job that has succeeded', async () => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, 'true'));
    await client.waitForEnd(id);
    await expect(client.cancelJob(id)).rejects.toMatchObject({ code: 'JOB_FINISHED' });
  });
});

describe('suspending and resuming', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('suspend');
  });
  afterAll(() => platform.stop());

  it('ends the pods of a running job, and starts its tasks again after a resume', async () => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, 'echo begun; sleep 8; echo finished'));
    const becomes = (status: string) =>
      waitFor(async () => (await client.findJob(id))?.status === status, { timeoutMs: 90_000, what: status });
    await becomes('RUNNING');
    await client.suspendJob(id);
    await becomes('SUSPENDED');
    const { pods } = await objectsOfJobAnywhere(environment, id);
    expect(pods.filter(({ status }) => status?.phase === 'Running')).toEqual([]);
    await client.resumeJob(id);
    const job = await client.waitForEnd(id);
    expect(job.status).toBe('SUCCEEDED');
    expect((await allTasks(client, id))[0]?.attempts.length).toBe(2);
  });
});
