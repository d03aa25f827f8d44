import { waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { objectsOfJobAnywhere } from '../support/cluster-objects.js';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

describe('why a job waits', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('reason-delay');
  });
  afterAll(() => platform.stop());

  it('is told within 10 s of the cluster saying so', async () => {
    const { client, environment } = platform;
    // Three replicas of four GPUs on a node of eight: the third finds no room.
    const placement = { gpuTypes: ['H100'], minGpuCount: 4 };
    const input = shellJob(environment, 'sleep 600', { placement, completions: 3, parallelism: 3 });
    const { id } = await client.createJob(input);
    await waitFor(async () => (await client.findJob(id))?.reason?.code === 'UNSCHEDULABLE', {
      timeoutMs: 60_000,
      what: 'the reason UNSCHEDULABLE',
    });
    const toldMs = Date.now();
    const { pods } = await objectsOfJobAnywhere(environment, id);
    const said = pods
      .flatMap(({ status }) => status?.conditions ?? [])
      .filter(({ type, reason }) => type === 'PodScheduled' && reason === 'Unschedulable')
      .map(({ lastTransitionTime }) => lastTransitionTime?.getTime() ?? 0);
    expect(said).not.toEqual([]);
    expect(toldMs - Math.min(...said)).toBeLessThan(10_000);
    await client.cancelJob(id);
    expect((await client.waitForEnd(id)).status).toBe('CANCELLED');
  });
});
