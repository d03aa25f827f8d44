import type { JobUpdate } from '@ccluster/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@ccluster/testkit';

import { causeFault } from '../support/cause-fault.js';
import { objectsOfJobAnywhere } from '../support/cluster-objects.js';
import { allLogLines, texts } from '../support/collect.js';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

const TASKS = 3;
const LINES = 20;
const SCRIPT = `i=1; while [ $i -le ${LINES} ]; do echo "line $i"; sleep 1; i=$((i+1)); done`;

function expectedLines(): string[] {
  const numbers = Array.from({ length: LINES }, (_, i) => i + 1);
  return Array.from({ length: TASKS }, (_, index) => numbers.map((number) => `${index}/1 line ${number}`)).flat();
}

describe('a job whose surroundings break while it runs', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('faults');
  });
  afterAll(() => platform.stop());

  /** Runs a job, breaks something while it runs, and expects the right end and every log line once, in order. */
  async function survives(breakSomething: (jobId: string) => Promise<void>): Promise<void> {
    const { client, environment } = platform;
    const input = shellJob(environment, SCRIPT, { completions: TASKS, parallelism: TASKS });
    const { id } = await client.createJob(input);
    const lines = allLogLines(client, id);
    await waitFor(async () => (await client.findJob(id))?.status === 'RUNNING', { timeoutMs: 60_000, what: 'RUNNING' });
    await breakSomething(id);
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'SUCCEEDED', counts: { succeeded: TASKS } });
    const byTask = (await lines).toSorted((a, b) => a.index - b.index || a.number - b.number);
    expect(texts(byTask)).toEqual(expectedLines());
    expect(byTask.filter(({ gapBefore }) => gapBefore !== null)).toEqual([]);
  }

  it.each(['api', 'dispatcher', 'watcher'] as const)('survives kill -9 of the %s', async (name) => {
    await survives(async () => {
      await platform.services[name].kill();
      await platform.services[name].start();
    });
  });

  it('survives a restart of the API server', async () => {
    await survives(async (jobId) => {
      for (const cluster of platform.environment.clusters) {
        const { kubernetesJobs } = await objectsOfJobAnywhere({ ...platform.environment, clusters: [cluster] }, jobId);
        if (kubernetesJobs.length === 0) continue;
        await causeFault(platform.environment, `${cluster.name}/api-server`, 'restart');
      }
    });
  });

  it('tells a follower of all jobs how each ended, though the api is killed in between', async () => {
    const { client, environment, services } = platform;
    const updates = client.followJobs();
    const create = async () => (await client.createJob(shellJob(environment, 'sleep 3'))).id;
    const ids: string[] = [];
    const following = endsOf(updates, ids);
    ids.push(await create(), await create());
    await services.api.kill();
    await services.api.start();
    ids.push(await create(), await create());
    expect(await following).toEqual(new Map(ids.map((id) => [id, 'SUCCEEDED'])));
  });

  it('dispatches once what was created while the dispatcher was dead', async () => {
    const { client, environment, services } = platform;
    await services.dispatcher.kill();
    const { id } = await client.createJob(shellJob(environment, 'echo once'));
    await services.dispatcher.start();
    expect((await client.waitForEnd(id)).status).toBe('SUCCEEDED');
    expect(texts(await allLogLines(client, id))).toEqual(['0/1 once']);
  });
});

/** How each of four jobs ended; updates of the jobs of other tests, which are being cleaned up, are passed over. */
async function endsOf(updates: AsyncIterable<JobUpdate>, ids: readonly string[]): Promise<Map<string, string>> {
  const ended = new Map<string, string>();
  for await (const { jobId, job } of updates) {
    if (job?.finishedAt != null) ended.set(jobId, job.status);
    if (ids.length === 4 && ids.every((id) => ended.has(id))) break;
  }
  return new Map([...ended].filter(([id]) => ids.includes(id)));
}
