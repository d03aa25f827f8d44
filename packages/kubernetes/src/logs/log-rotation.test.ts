import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { FollowedLog } from '../testing/followed-log.js';

const PATIENTLY = { timeout: 10_000, interval: 2 };
const LINES = 80;

let log: FollowedLog;
beforeEach(() => {
  log = new FollowedLog();
});
afterEach(() => log.stop());

/** A file so long that it may be rotated. */
async function followFirstFile(): Promise<{ readonly following: Promise<void>; readonly first: string[] }> {
  const first = Array.from({ length: LINES }, (_, i) => `${i}`);
  for (const text of first) log.kubelet.write(text.padEnd(15_000));
  const following = log.follow();
  await vi.waitUntil(() => log.lines.length === LINES, PATIENTLY);
  return { following, first };
}

function shown(): string[] {
  return log.lines.map((line) => line.trimEnd());
}

async function write(...texts: string[]): Promise<void> {
  for (const text of texts) log.kubelet.write(text);
  await vi.waitUntil(() => log.lines.at(-1) === texts.at(-1), PATIENTLY);
}

async function end(following: Promise<void>): Promise<void> {
  log.tickMs = 1_000;
  log.kubelet.finish();
  await following;
}

it('has no gap where the follow goes on in the next file', async () => {
  const { following, first } = await followFirstFile();
  log.kubelet.rotate();
  await write('new 1', 'new 2');
  await end(following);
  expect(shown()).toEqual([...first, 'new 1', 'new 2']);
});

it('has a gap where the follow left out a file', async () => {
  const { following, first } = await followFirstFile();
  log.kubelet.isStuck = true;
  log.kubelet.rotate();
  log.kubelet.write('left out');
  log.kubelet.isStuck = false;
  log.kubelet.rotate();
  log.nowMs += 10_000;
  await write('new 1', 'new 2');
  await end(following);
  expect(shown()).toEqual([...first, 'LOG_ROTATED', 'new 1', 'new 2']);
});

it('has what comes after a gap once, where the follow gives the newest file twice', async () => {
  const { following, first } = await followFirstFile();
  log.kubelet.rotate();
  log.nowMs += 10_000;
  log.kubelet.write('new 1');
  for (const stream of log.kubelet.follows) stream.write(log.kubelet.read(new URLSearchParams()));
  await write('new 2');
  await end(following);
  expect(shown()).toEqual([...first, 'LOG_ROTATED', 'new 1', 'new 2']);
});

it('leaves a follow that stays at the end of a rotated file', async () => {
  const { following, first } = await followFirstFile();
  log.kubelet.write('last');
  log.kubelet.isStuck = true;
  log.kubelet.rotate();
  log.kubelet.write('new 1');
  log.kubelet.isStuck = false;
  await vi.waitUntil(() => log.lines.at(-1) === 'new 1', PATIENTLY);
  await end(following);
  expect(shown()).toEqual([...first, 'last', 'LOG_ROTATED', 'new 1']);
}, 15_000);
