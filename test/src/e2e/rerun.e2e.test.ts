import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RequestRefused, type CreateJobInput } from '@ccluster/client';
import { waitFor } from '@ccluster/testkit';

import { objectsOfJobAnywhere } from '../support/cluster-objects.js';
import { allLogLines, allTasks, texts } from '../support/collect.js';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

describe.concurrent('a job that is run again', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('rerun');
  });
  afterAll(() => platform.stop());

  async function finishedJob(script: string, overrides: Partial<CreateJobInput> = {}) {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, script, overrides));
    return client.waitForEnd(id);
  }

  /** `again` and part of the name before, so that it is unique in its turn. */
  const nameAfter = (name: string, again: string) => `${again}-${name.slice(-10)}`;

  it('runs whole, with the inputs and the secrets of the first', async () => {
    const { client } = platform;
    const env = [{ name: 'TOKEN', value: 'tell-nobody' }];
    const script = 'echo "$JOB_COMPLETION_INDEX of $JOB_COMPLETIONS: ${#TOKEN}"';
    const first = await finishedJob(script, { completions: 2, parallelism: 2, env });
    const { id } = await client.rerunJob(first.id, { name: nameAfter(first.name, 'whole') });
    const again = await client.waitForEnd(id);
    expect(again).toMatchObject({ status: 'SUCCEEDED', rerunOf: { id: first.id }, counts: { succeeded: 2 } });
    expect(texts(await allLogLines(client, id)).toSorted()).toEqual(['0/1 0 of 2: 11', '1/1 1 of 2: 11']);
  });

  it('runs only the tasks that failed, under their own indexes, until all have succeeded', async () => {
    const { client } = platform;
    // The marker is the name: the first run fails with 1, 2 and 5, its re-run with 5, the re-run of that with none.
    const failing = '[ "$HOSTNAME" = "${HOSTNAME#second}" ] && [ "$HOSTNAME" = "${HOSTNAME#third}" ]';
    const script = `case "$JOB_COMPLETION_INDEX" in
      1|2) ${failing} && { sleep 8; exit 1; } ;;
      5) [ "$HOSTNAME" = "\${HOSTNAME#third}" ] && { sleep 8; exit 1; } ;;
    esac; echo "$JOB_COMPLETION_INDEX of $JOB_COMPLETIONS"`;
    const first = await finishedJob(script, { completions: 6, parallelism: 6, backoffLimit: 0 });
    expect(first).toMatchObject({ status: 'FAILED', counts: { succeeded: 3 } });

    const secondId = (await client.rerunJob(first.id, { name: nameAfter(first.name, 'second'), onlyFailed: true })).id;
    const second = await client.waitForEnd(secondId);
    expect(second).toMatchObject({ status: 'FAILED', counts: { succeeded: 5, failed: 1 } });
    expect(texts(await allLogLines(client, secondId)).toSorted()).toEqual(['1/1 1 of 6', '2/1 2 of 6']);

    const thirdId = (await client.rerunJob(secondId, { name: nameAfter(first.name, 'third'), onlyFailed: true })).id;
    const third = await client.waitForEnd(thirdId);
    expect(third).toMatchObject({ status: 'SUCCEEDED', completions: 6, counts: { succeeded: 6, pending: 0 } });
    expect(texts(await allLogLines(client, thirdId))).toEqual(['5/1 5 of 6']);
    const tasks = await allTasks(client, thirdId);
    expect(tasks.map(({ inheritedFrom }) => inheritedFrom?.id ?? null)).toEqual([
      first.id,
      secondId,
      secondId,
      first.id,
      first.id,
      null,
    ]);
    expect(tasks.map(({ attempts }) => attempts.length)).toEqual([0, 0, 0, 0, 0, 1]);
    const nothing = client.rerunJob(thirdId, { name: nameAfter(first.name, 'fourth'), onlyFailed: true });
    await expect(nothing).rejects.toMatchObject({ code: 'NOTHING_TO_RERUN' });
  });

  it('keeps what it inherited through a suspend and a resume', async () => {
    const { client } = platform;
    const script = `case "$JOB_COMPLETION_INDEX" in
      2|3) [ "$HOSTNAME" = "\${HOSTNAME#again}" ] && { sleep 8; exit 1; }; sleep 5 ;;
    esac; echo "ran $JOB_COMPLETION_INDEX"`;
    const first = await finishedJob(script, { completions: 4, parallelism: 4, backoffLimit: 0 });
    expect(first).toMatchObject({ status: 'FAILED', counts: { succeeded: 2 } });
    const { id } = await client.rerunJob(first.id, { name: nameAfter(first.name, 'again'), onlyFailed: true });
    const has = async (status: string) => (await client.findJob(id))?.status === status;
    await waitFor(() => has('RUNNING'), { timeoutMs: 60_000, what: 'the re-run to run' });
    await client.suspendJob(id);
    await waitFor(() => has('SUSPENDED'), { timeoutMs: 90_000, what: 'the re-run to be suspended' });
    expect((await client.findJob(id))?.counts).toMatchObject({ succeeded: 2, pending: 2, running: 0 });
    await client.resumeJob(id);
    expect(await client.waitForEnd(id)).toMatchObject({ status: 'SUCCEEDED', counts: { succeeded: 4 } });
    // Of the attempts that the suspend ended nothing was written; where even that could not be read, a gap says so.
    const finished = texts((await allLogLines(client, id)).filter(({ gapBefore }) => gapBefore === null));
    expect(new Set(finished.map((line) => line.split(' ').at(-1)))).toEqual(new Set(['2', '3']));
  });

  it('is gone for callers as soon as it is deleted, and then from its cluster', async () => {
    const { client, environment } = platform;
    const job = await finishedJob('echo hello');
    await client.deleteJob(job.id);
    expect(await client.findJob(job.id)).toBeUndefined();
    await expect(client.deleteJob(job.id)).rejects.toBeInstanceOf(RequestRefused);
    await finishedJob('true', { name: job.name });
    const isGone = async () => (await objectsOfJobAnywhere(environment, job.id)).kubernetesJobs.length === 0;
    await waitFor(isGone, { timeoutMs: 30_000, what: 'the Kubernetes Job to be gone' });
  });
});
