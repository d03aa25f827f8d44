import { sleep } from '@ccluster/runtime';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestCluster } from './testing/armed-job.js';
import { WatchedWorld } from './testing/watched-world.js';

let world: WatchedWorld;
let cluster: TestCluster;

beforeAll(async () => {
  world = await WatchedWorld.open();
  cluster = await world.register();
});
afterEach(() => world.stopWatching());
afterAll(() => world.close());

const shell = (script: string) => ['/bin/sh', '-c', script];
const PAD = 'x'.repeat(950);
const checksum = (line: number) => (line * 7919) % 1_000_003;
const lineText = (line: number) => `${line} ${checksum(line)} ${PAD}`;
/** Prints these lines, of about 1 KiB each: the number, a checksum of it, and padding. */
const printLines = (from: string, to: string) =>
  `awk -v a=${from} -v b=${to} 'BEGIN { for (i = a; i <= b; i++) print i, (i * 7919) % 1000003, "${PAD}" }'`;

interface Account {
  readonly stored: number;
  readonly gaps: number;
  /** Lines that are missing where a gap says so. */
  readonly stated: number;
  /** What is missing without a gap, comes twice, or is damaged. */
  readonly wrong: readonly string[];
}

/** Accounts for every line, from the first one written to the last. */
function account(lines: readonly string[], written: number): Account {
  let before = 0;
  let isStated = false;
  let gaps = 0;
  let stated = 0;
  const wrong: string[] = [];
  for (const line of lines) {
    if (line === 'LOG_ROTATED') {
      isStated = true;
      gaps += 1;
      continue;
    }
    const now = Number(line.split(' ', 1)[0]);
    if (line !== lineText(now)) wrong.push(`after ${before}: ${line.slice(0, 40)}`);
    else if (now <= before || (now > before + 1 && !isStated)) wrong.push(`${before} is followed by ${now}`);
    stated += Math.max(0, now - before - 1);
    before = now;
    isStated = false;
  }
  if (before !== written) wrong.push(`the last is ${before} of ${written}`);
  return { stored: lines.length - gaps, gaps, stated, wrong };
}

async function accountOf(id: string, written: number): Promise<Account> {
  const found = account((await world.linesOf(id))['0/1'] ?? [], written);
  process.stderr.write(`${written} lines written: ${JSON.stringify(found)}\n`);
  return found;
}

// The kubelet looks every 10 s for files of more than 10 MiB, and gives out the newest one only.
describe('the log of a container whose file is rotated', () => {
  it('has a gap where the kubelet skipped a file, because the reader was slow', async () => {
    world.watch('first', { logLimitBytes: 1024 ** 3, unreachableAfterMs: 60_000 });
    // About 2.5 MB/s for a minute.
    const chunks = 600;
    const script = `i=0; while [ $i -lt ${chunks} ]; do ${printLines('$((i * 200 + 1))', '$((i * 200 + 200))')}; i=$((i + 1)); usleep 70000; done`;
    const { id } = await world.startJob(cluster, { argv: shell(script) });
    await world.untilStatus(id, 'RUNNING');
    await sleep(4_000);
    world.proxy.mode = 'stall';
    await sleep(26_000);
    world.proxy.mode = 'pass';
    await world.untilStatus(id, 'SUCCEEDED', 120_000);
    const { stored, gaps, stated, wrong } = await accountOf(id, chunks * 200);
    expect(wrong).toEqual([]);
    expect(stored + stated).toBe(chunks * 200);
    expect(gaps).toBeGreaterThan(0);
    expect(stated).toBeGreaterThan(0);
  }, 240_000);

  it('has a gap at its beginning where that was rotated away before anybody read it', async () => {
    const script = `${printLines('1', '13000')}; sleep 24; ${printLines('13001', '13020')}; sleep 2`;
    const { id } = await world.startJob(cluster, { argv: shell(script) });
    await sleep(20_000);
    world.watch('first', { logLimitBytes: 1024 ** 3 });
    await world.untilStatus(id, 'SUCCEEDED', 90_000);
    expect((await world.linesOf(id))['0/1']?.[0]).toBe('LOG_ROTATED');
    const { stored, stated, wrong } = await accountOf(id, 13_020);
    expect(wrong).toEqual([]);
    expect(stored + stated).toBe(13_020);
    expect(stated).toBeGreaterThan(0);
  }, 150_000);

  it('has none where the container takes its time to begin, and the log is read from then on', async () => {
    world.watch('first');
    const { id } = await world.startJob(cluster, { argv: shell(`sleep 5; ${printLines('1', '20')}`) });
    await world.untilStatus(id, 'SUCCEEDED');
    expect(await accountOf(id, 20)).toEqual({ stored: 20, gaps: 0, stated: 0, wrong: [] });
  });
});
