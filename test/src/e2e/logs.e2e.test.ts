import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitFor } from '@ccluster/testkit';

import { objectsOfJobAnywhere } from '../support/cluster-objects.js';
import { allLogLines } from '../support/collect.js';
import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

const MIB = 1024 * 1024;
const LOG_LIMIT_BYTES = 2 * MIB;
/** Of 1 KiB each: some times as much as the kubelet lets a file grow to. */
const FAST_LINES = 60_000;

/** Prints so many MiB, in lines of 1 KiB. */
const megabytes = (count: number) =>
  `awk 'BEGIN { for (i = 0; i < 1023; i++) pad = pad "x"; for (i = 0; i < ${count * 1024}; i++) print pad }'`;

describe.concurrent('the log of a container', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('logs');
  });
  afterAll(() => platform.stop());

  it('is kept and shown whatever it prints', async () => {
    const { client, environment } = platform;
    const script = [
      String.raw`printf 'caf\303\251\n\377\303(\na\000b\n\033[31mred\033]0;x\007\n10%%\r100%%\nu\342\200\250v\n\n'`,
      String.raw`head -c ${MIB} /dev/zero | tr '\000' x; echo; printf 'no newline'`,
    ].join('; ');
    const { id } = await client.createJob(shellJob(environment, script));
    await client.waitForEnd(id);

    const lines = await allLogLines(client, id);
    const short = ['café', '\ufffd\ufffd(', 'a\\x00b', '\\x1b[31mred\\x1b]0;x\\x07', '10%\r100%', 'u\u2028v', ''];
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1));
    expect(lines.slice(0, short.length).map((line) => line.text)).toEqual(short);
    const long = lines.slice(short.length, -1);
    expect(long.map((line) => line.text).join('')).toBe('x'.repeat(MIB));
    expect(long.map((line) => line.continued)).toEqual([...Array<boolean>(long.length - 1).fill(true), false]);
    expect(lines.at(-1)).toMatchObject({ text: 'no newline', continued: false });

    const podId = lines[0]?.podId ?? '';
    const download = async (of: { podId?: string }) =>
      (await text(client.downloadLog({ jobId: id, ...of }))).replace('x'.repeat(MIB), 'long').split('\n');
    const file = [...short, 'long', 'no newline'];
    expect(await download({ podId })).toEqual([...file, '']);
    expect(await download({})).toEqual([...file.map((line) => `[0/1] ${line}`), '']);
  });

  it('has a gap where it was rotated while nobody read it', async () => {
    const { client, environment, services } = platform;
    // The kubelet looks every 10 s for files of more than 10 MiB, and gives out the newest one only.
    const script = `echo first; sleep 10; ${megabytes(12)}; sleep 12; ${megabytes(12)}; sleep 12; echo last`;
    const { id } = await client.createJob(shellJob(environment, script));
    for await (const { lines } of client.followLogs(id)) if (lines.length > 0) break;
    await services.watcher.stop();
    const hasEnded = async () =>
      (await objectsOfJobAnywhere(environment, id)).pods.every((pod) => pod.status?.phase === 'Succeeded');
    await waitFor(hasEnded, { timeoutMs: 120_000, what: 'the pod to end' });
    await services.watcher.start();
    await client.waitForEnd(id);

    const lines = await allLogLines(client, id);
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1));
    expect(lines[0]?.text).toBe('first');
    expect(lines[1]).toMatchObject({ text: '', gapBefore: { code: 'LOG_ROTATED' } });
    expect(lines.filter(({ gapBefore }) => gapBefore !== null)).toHaveLength(1);
    expect(lines.at(-1)?.text).toBe('last');
    expect(lines.length).toBeLessThan(24 * 1024);
  });

  it('says where lines are missing, however fast it prints', async () => {
    const { client, environment } = platform;
    const script = `awk 'BEGIN { for (i = 0; i < 1000; i++) pad = pad "x"; for (i = 1; i <= ${FAST_LINES}; i++) print i, pad }'`;
    const { id } = await client.createJob(shellJob(environment, `${script}; sleep 15; echo ${FAST_LINES + 1}`));
    const lines = await allLogLines(client, id);
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1));
    const unstated: string[] = [];
    let before = 0;
    for (const line of lines) {
      const now = line.gapBefore === null ? Number(line.text.split(' ')[0]) : Number.NaN;
      if (now > before + 1) unstated.push(`${before + 1} to ${now - 1}`);
      before = now;
    }
    expect(unstated).toEqual([]);
  });
});

describe('the log of a job that prints more than is kept', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform('log-limit', { LOG_LIMIT_BYTES: String(LOG_LIMIT_BYTES) });
  });
  afterAll(() => platform.stop());

  it('ends with a gap that says so, while the job goes on to its end', async () => {
    const { client, environment } = platform;
    const { id } = await client.createJob(shellJob(environment, `${megabytes(4)}; echo last`));
    expect(await client.waitForEnd(id)).toMatchObject({ status: 'SUCCEEDED' });
    const lines = await allLogLines(client, id);
    expect(lines).toHaveLength(LOG_LIMIT_BYTES / 1024);
    expect(lines.at(-1)).toMatchObject({ gapBefore: { code: 'LOG_LIMIT' } });
  });
});
