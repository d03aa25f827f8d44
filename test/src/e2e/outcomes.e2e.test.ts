import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@ccluster/testkit';

import { objectsOfJobAnywhere } from '../support/cluster-objects.js';
import { allEvents, allLogLines, allTasks, texts } from '../support/collect.js';
import { failingAtFirst, shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

describe.concurrent('a job that runs to its end', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('outcomes');
  });
  afterAll(() => platform.stop());

  it('succeeds with every task, both reserved variables in each, and its logs after the pods are gone', async () => {
    const { client, environment } = platform;
    const script = 'echo "index $JOB_COMPLETION_INDEX of $JOB_COMPLETIONS"; printf %s "$BYTES" | od -v -An -t x1';
    const value = 'pa$$word $(HOME) 100% \n\t\\ü🎉\u0001';
    const env = [{ name: 'BYTES', value }];
    const { id } = await client.createJob(shellJob(environment, script, { completions: 5, parallelism: 3, env }));

    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({
      status: 'SUCCEEDED',
      reason: null,
      counts: { pending: 0, running: 0, succeeded: 5, failed: 0, cancelled: 0 },
    });
    expect(job.startedAt).not.toBeNull();

    await waitFor(async () => (await objectsOfJobAnywhere(environment, id)).pods.length === 0, {
      timeoutMs: 60_000,
      what: 'the pods to be gone',
    });
    const lines = await allLogLines(client, id);
    for (let index = 0; index < 5; index += 1) {
      const own = lines.filter((line) => line.index === index);
      expect(own.map(({ attempt, number }) => [attempt, number])).toEqual(own.map((_, i) => [1, i + 1]));
      const [first, ...dump] = own.map(({ text }) => text);
      expect(first).toBe(`index ${index} of 5`);
      expect(dump.join('').replaceAll(/\s/g, '')).toBe(Buffer.from(value).toString('hex'));
    }
    expect((await objectsOfJobAnywhere(environment, id)).kubernetesJobs).toEqual([]);
  });

  it('tells its life as events in order, from CREATED to FINISHED', async () => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, 'echo hello'));
    const events = await allEvents(client, id);
    expect(events.at(0)?.type).toBe('SNAPSHOT');
    expect(events.at(-1)).toMatchObject({ type: 'FINISHED', status: 'SUCCEEDED' });
    const statuses = events.map(({ status }) => status);
    const order = ['QUEUED', 'STARTING', 'RUNNING', 'FINISHING', 'SUCCEEDED'];
    expect(statuses.map((status) => order.indexOf(status))).toEqual(
      statuses.map((status) => order.indexOf(status)).toSorted((a, b) => a - b),
    );
  });

  it('succeeds on the second attempt of a task, and keeps the first with its exit code and log', async () => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, failingAtFirst(25)));
    const job = await client.waitForEnd(id);
    expect(job.status).toBe('SUCCEEDED');
    const [task] = await allTasks(client, id);
    expect(task?.attempts.length).toBeGreaterThanOrEqual(2);
    expect(task?.attempts.map(({ attempt }) => attempt)).toEqual(task?.attempts.map((_, i) => i + 1));
    expect(task?.attempts[0]).toMatchObject({ status: 'FAILED', exitCode: 3 });
    expect(task?.attempts.at(-1)).toMatchObject({ status: 'SUCCEEDED', exitCode: 0 });
    const lines = texts(await allLogLines(client, id));
    expect(lines.filter((line) => line.startsWith('0/1 attempt on '))).toHaveLength(1);
    expect(lines.at(-1)).toBe(`0/${task?.attempts.length} succeeded`);
  });

  it('fails with BACKOFF_LIMIT_EXCEEDED when more pods fail than it may', async () => {
    const { client, environment } = platform;
    const script = 'echo "goes wrong"; exit 7';
    const { id } = await client.createJob(shellJob(environment, script, { backoffLimit: 0 }));
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'FAILED', reason: { code: 'BACKOFF_LIMIT_EXCEEDED' }, counts: { failed: 1 } });
    const [task] = await allTasks(client, id);
    expect(task).toMatchObject({ status: 'FAILED', attempts: [{ status: 'FAILED', exitCode: 7 }] });
    expect(texts(await allLogLines(client, id))).toEqual(['0/1 goes wrong']);
  });

  it('fails as one pod more fails than it may, of whatever index', async () => {
    const { client, environment } = platform;
    const input = { completions: 2, parallelism: 2, backoffLimit: 1 };
    const { id } = await client.createJob(shellJob(environment, 'exit 7', input));
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'FAILED', reason: { code: 'BACKOFF_LIMIT_EXCEEDED' }, counts: { failed: 2 } });
    expect((await allTasks(client, id)).map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  });

  it('fails with DEADLINE_EXCEEDED when it takes too long', async () => {
    const { client, environment } = platform;
    const script = 'echo started; sleep 600';
    const { id } = await client.createJob(shellJob(environment, script, { activeDeadlineSeconds: 6 }));
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({
      status: 'FAILED',
      reason: { code: 'DEADLINE_EXCEEDED' },
      counts: { pending: 0, running: 0, succeeded: 0 },
    });
    // Kubernetes deletes the pod at its deadline: whether its log went on may then be unknown, which a gap says.
    const lines = await allLogLines(client, id);
    expect(texts(lines.filter(({ gapBefore }) => gapBefore === null))).toEqual(['0/1 started']);
  });

  it('reads and keeps nothing of the output when logging is off', async () => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, 'echo private', { enableLogging: false }));
    expect((await client.waitForEnd(id)).status).toBe('SUCCEEDED');
    expect(await allLogLines(client, id)).toEqual([]);
  });
});
