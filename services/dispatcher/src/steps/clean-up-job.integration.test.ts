import { armedUid } from '@ccluster/domain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';

let fixture: DispatchFixture;
let here: FakeCluster;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 4, 100);
});

afterEach(async () => {
  vi.useRealTimers();
  await fixture.close();
});

describe('the end of a job', () => {
  const succeeded = { outcome: 'SUCCEEDED', code: 'Complete', message: 'done', final: true } as const;

  async function endedJob(): Promise<string> {
    const jobId = await fixture.addJob();
    await fixture.work(jobId);
    const observation = {
      kubernetesUid: armedUid(await fixture.stateOf(jobId)) ?? '',
      resourceVersion: '100',
      intent: 1,
      suspended: false,
      livePods: 0,
      quietSeconds: 0,
      ran: true,
      waiting: null,
      verdict: succeeded,
      hopeless: null,
    };
    await fixture.happen(jobId, { type: 'OBSERVED', observation }, { type: 'SETTLED' });
    return jobId;
  }

  it('leaves its Kubernetes Job for a minute, and then nothing', async () => {
    const jobId = await endedJob();
    await fixture.work(jobId);
    expect(here.jobs.size).toBe(1);
    await fixture.letItHaveEnded(jobId, 61);
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(here.jobs.size).toBe(0);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ENDED', outcome: 'SUCCEEDED', cleaned: true });
  });

  it.each([-600_000, 600_000])('is told by PostgreSQL’s clock, though this host’s is %i ms off', async (offMs) => {
    const jobId = await endedJob();
    vi.setSystemTime(Date.now() + offMs);
    fixture.clock.ms += offMs;
    await fixture.work(jobId);
    expect(here.jobs.size).toBe(1);
    await fixture.letItHaveEnded(jobId, 61);
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(here.jobs.size).toBe(0);
  });

  it('is not forgotten while its cluster cannot be reached', async () => {
    const jobId = await endedJob();
    await fixture.letItHaveEnded(jobId, 61);
    here.interfere('findJob', 'FAIL');
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ cleaned: false });
  });
});
