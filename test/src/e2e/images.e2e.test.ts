import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { allLogLines, texts } from '../support/collect.js';
import { privateImageOf, shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

describe.concurrent('images', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('images');
  });
  afterAll(() => platform.stop());

  it('runs a private image with the right password', async () => {
    const { client, environment } = platform;
    const { url, tag, username, password } = privateImageOf(environment);
    const imagePullSecret = { username, password };
    const input = shellJob(environment, 'echo pulled', { imageUrl: url, imageTag: tag, imagePullSecret });
    const { id, hasImagePullSecret } = await client.createJob(input);
    expect(hasImagePullSecret).toBe(true);
    expect((await client.waitForEnd(id)).status).toBe('SUCCEEDED');
    expect(texts(await allLogLines(client, id))).toEqual(['0/1 pulled']);
  });

  it('fails a private image with a wrong password as IMAGE_PULL_FAILED, and never repeats the password', async () => {
    const { client, environment } = platform;
    const { url, tag, username } = privateImageOf(environment);
    const imagePullSecret = { username, password: 'not-the-password' };
    const input = shellJob(environment, 'echo never', { imageUrl: url, imageTag: tag, imagePullSecret });
    const { id } = await client.createJob(input);
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'FAILED', reason: { code: 'IMAGE_PULL_FAILED' } });
    expect(JSON.stringify(job)).not.toContain('not-the-password');
  });

  it('fails an image without such a tag as IMAGE_PULL_FAILED, with the words of the cluster', async () => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, 'echo never', { imageTag: 'missing' }));
    const job = await client.waitForEnd(id);
    expect(job).toMatchObject({ status: 'FAILED', reason: { code: 'IMAGE_PULL_FAILED' } });
    expect(job.reason?.message).toContain('not found');
  });

  it('runs an image by its digest and shows it', async () => {
    const { client, environment } = platform;
    const first = await client.createJob(shellJob(environment, 'true'));
    await client.waitForEnd(first.id);
    const digest = await digestOf(platform, first.id);
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const second = await client.createJob(shellJob(environment, 'true', { imageTag: digest }));
    expect((await client.waitForEnd(second.id)).status).toBe('SUCCEEDED');
    expect(await digestOf(platform, second.id)).toBe(digest);
  });
});

async function digestOf({ client }: Platform, jobId: string): Promise<string> {
  for await (const task of client.tasks(jobId)) return task.attempts[0]?.imageDigest ?? '';
  return '';
}
