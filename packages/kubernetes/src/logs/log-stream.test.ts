import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FollowedLog } from '../testing/followed-log.js';
import { followLog } from './log-stream.js';

const PATIENTLY = { timeout: 5_000, interval: 2 };

let log: FollowedLog;
beforeEach(() => {
  log = new FollowedLog();
  // By which any two reads are far apart.
  log.tickMs = 1_000;
});
afterEach(() => log.stop());

describe('followLog', () => {
  it('gives lines soon after they are written, and ends after a last read', async () => {
    log.kubelet.write('one');
    const following = log.follow();
    await log.untilFollowed();
    log.kubelet.write('two');
    await expect.poll(() => log.lines, PATIENTLY).toEqual(['one', 'two']);
    log.kubelet.write('three');
    log.kubelet.finish();
    await following;
    expect(log.lines).toEqual(['one', 'two', 'three']);
    const { requests } = await log.server();
    const [first] = requests;
    expect(first?.path).toBe('/api/v1/namespaces/n/pods/p/log');
    expect(Object.fromEntries(first?.query ?? [])).toEqual({ container: 'main', timestamps: 'true', follow: 'true' });
    expect(requests.at(-1)?.query.has('follow')).toBe(false);
  });

  it('has every line once across resets', async () => {
    const following = log.follow();
    const expected: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      await log.untilFollowed();
      for (let at = 0; at < 5; at += 1) {
        expected.push(`line ${round}.${at}`);
        log.kubelet.write(`line ${round}.${at}`);
      }
      if (round % 2 === 0) await vi.waitUntil(() => log.lines.length === expected.length, PATIENTLY);
      log.kubelet.reset();
    }
    log.kubelet.finish();
    await following;
    expect(log.lines).toEqual(expected);
  });

  it('goes on where an earlier follow stopped', async () => {
    log.kubelet.write('one');
    log.kubelet.write('two');
    const first = new AbortController();
    const following = log.follow(first.signal);
    await expect.poll(() => log.lines, PATIENTLY).toEqual(['one', 'two']);
    first.abort();
    await following;
    log.kubelet.write('three');
    log.kubelet.finish();
    await log.follow();
    expect(log.lines).toEqual(['one', 'two', 'three']);
  });

  it('gives a last line without a newline once, at the end', async () => {
    const following = log.follow();
    await log.untilFollowed();
    log.kubelet.write('one');
    log.kubelet.write('unfinished', '');
    await expect.poll(() => log.lines, PATIENTLY).toEqual(['one']);
    log.kubelet.reset();
    await log.untilFollowed();
    log.kubelet.finish();
    await following;
    expect(log.lines).toEqual(['one', 'unfinished']);
  });
});

describe('the reader of followLog', () => {
  it('slows the sender down when it takes nothing', async () => {
    const generator = followLog(await log.options());
    for (let at = 0; at < 2_000; at += 1) log.kubelet.write('x'.repeat(10_000));
    const first = await generator.next();
    const bytes = first.value?.pieces.reduce((sum, piece) => sum + (piece.kind === 'line' ? piece.bytes.length : 0), 0);
    expect(bytes).toBeLessThan(400 * 1024);
    await generator.return(undefined);
    await vi.waitFor(() => expect(log.kubelet.follows.size).toBe(0));
  });

  it('sees no error when it stops', async () => {
    const following = log.follow();
    await log.untilFollowed();
    log.stopping.abort();
    await expect(following).resolves.toBeUndefined();
  });
});
