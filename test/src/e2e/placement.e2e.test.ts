import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@ccluster/testkit';

import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

describe.concurrent('placement', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('placement');
  });
  afterAll(() => platform.stop());

  it.each([
    { what: 'the east by its region', placement: { regions: ['us-east'] }, cluster: 'local-east' },
    { what: 'the west by its region', placement: { regions: ['us-west'] }, cluster: 'local-west' },
    { what: 'the east by its GPU', placement: { gpuTypes: ['H100'] }, cluster: 'local-east' },
    { what: 'the west by its GPU', placement: { gpuTypes: ['A100'] }, cluster: 'local-west' },
    { what: 'the west by its price', placement: { minGpuCount: 1, maxPricePerHourCents: 150 }, cluster: 'local-west' },
  ])('chooses $what, and says why', async ({ placement, cluster }) => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, 'true', { placement }));
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', placement: { clusterName: cluster } });
    expect(job.placement?.explanation).not.toBe('');
  });

  it("takes the caller's own choice of cluster", async () => {
    const { client, environment, clusterIds } = platform;
    const placement = { clusterId: clusterIds.get('local-west') ?? null };
    const { id } = await client.createJob(shellJob(environment, 'true', { placement }));
    expect((await client.waitForEnd(id)).placement?.clusterName).toBe('local-west');
  });

  it('refuses constraints that no offer could meet', async () => {
    const { client, environment } = platform;
    const placement = { gpuTypes: ['no-such-gpu'] };
    await expect(client.createJob(shellJob(environment, 'true', { placement }))).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      issues: [{ code: 'NO_MATCHING_OFFER' }],
    });
  });

  it('says why a job cannot be scheduled, with the words of the scheduler', async () => {
    const { client, environment } = platform;
    // Three replicas of four GPUs on a node of eight: the third finds no room.
    const placement = { gpuTypes: ['H100'], minGpuCount: 4 };
    const input = shellJob(environment, 'sleep 600', { placement, completions: 3, parallelism: 3 });
    const { id } = await client.createJob(input);
    await waitFor(async () => (await client.findJob(id))?.reason?.code === 'UNSCHEDULABLE', {
      timeoutMs: 60_000,
      what: 'the reason UNSCHEDULABLE',
    });
    expect((await client.findJob(id))?.reason?.message).toContain('Insufficient nvidia.com/gpu');
    await client.cancelJob(id);
    expect((await client.waitForEnd(id)).status).toBe('CANCELLED');
  });
});
