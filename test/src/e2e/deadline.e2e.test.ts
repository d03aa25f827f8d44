import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

const DEADLINE_SECONDS = 20;

describe('the deadline of a job', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('deadline');
  });
  afterAll(() => platform.stop());

  const createJob = (script: string) =>
    platform.client.createJob(
      shellJob(platform.environment, script, { activeDeadlineSeconds: DEADLINE_SECONDS, backoffLimit: 0 }),
    );
  const becomes = (id: string, status: string) =>
    waitFor(async () => (await platform.client.findJob(id))?.status === status, { timeoutMs: 90_000, what: status });

  it('does not run before the release', async () => {
    const { client, services } = platform;
    await services.dispatcher.stop();
    const { id } = await createJob('true');
    await sleep((DEADLINE_SECONDS + 1) * 1_000);
    await services.dispatcher.start();
    expect((await client.waitForEnd(id)).status).toBe('SUCCEEDED');
  });

  it('begins again after a resume', async () => {
    const { client } = platform;
    // Each of two runs takes more than half of the deadline: together they take longer than it allows.
    const { id } = await createJob(`sleep ${DEADLINE_SECONDS * 0.6}`);
    await becomes(id, 'RUNNING');
    await sleep(DEADLINE_SECONDS * 0.5 * 1_000);
    await client.suspendJob(id);
    await becomes(id, 'SUSPENDED');
    await client.resumeJob(id);
    expect((await client.waitForEnd(id)).status).toBe('SUCCEEDED');
  });
});
