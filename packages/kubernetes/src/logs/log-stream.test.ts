import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeApiServer, sendJson, startFakeApiServer, statusBody } from '../testing/fake-api-server.js';
import { FakeKubelet } from '../testing/fake-kubelet.js';
import type { LogPosition } from './log-position.js';
import { followLog } from './log-stream.js';

/** A clock by which any two reads are far apart. */
let clockMs = 0;
const nextSecond = (): number => (clockMs += 1_000);
const quiet = { info: () => undefined, warn: () => undefined };

let kubelet: FakeKubelet;
let server: FakeApiServer;
let stopping: AbortController;
let lines: string[];
let position: LogPosition | undefined;

beforeEach(async () => {
  kubelet = new FakeKubelet();
  server = await startFakeApiServer(kubelet.answer);
  stopping = new AbortController();
  lines = [];
  position = undefined;
});

afterEach(async () => {
  stopping.abort();
  await server.stop();
});

async function follow(signal = stopping.signal, isContainerFinished = () => kubelet.finished): Promise<void> {
  const options = {
    connection: server.connection,
    namespace: 'n',
    pod: 'p',
    container: 'main',
    nowMs: nextSecond,
    random: () => 0,
    log: quiet,
  };
  for await (const batch of followLog({ ...options, position, isContainerFinished, signal })) {
    for (const piece of batch.pieces) lines.push(piece.kind === 'line' ? piece.bytes.toString() : piece.code);
    position = batch.position;
  }
}

const PATIENTLY = { timeout: 5_000, interval: 2 };
const gone = statusBody(404, 'NotFound', 'pods "p" not found');

describe('followLog', () => {
  it('gives lines soon after they are written, and ends after a last read', async () => {
    kubelet.write('one');
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.write('two');
    await expect.poll(() => lines, PATIENTLY).toEqual(['one', 'two']);
    kubelet.write('three');
    kubelet.finish();
    await following;
    expect(lines).toEqual(['one', 'two', 'three']);
    const [first] = server.requests;
    expect(first?.path).toBe('/api/v1/namespaces/n/pods/p/log');
    expect(Object.fromEntries(first?.query ?? [])).toEqual({ container: 'main', timestamps: 'true', follow: 'true' });
    expect(server.requests.at(-1)?.query.has('follow')).toBe(false);
  });

  it('has every line once across resets', async () => {
    const following = follow();
    const expected: string[] = [];
    for (let round = 0; round < 8; round += 1) {
      await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
      for (let at = 0; at < 5; at += 1) {
        expected.push(`line ${round}.${at}`);
        kubelet.write(`line ${round}.${at}`);
      }
      if (round % 2 === 0) await vi.waitUntil(() => lines.length === expected.length, PATIENTLY);
      kubelet.reset();
      await vi.waitFor(() => expect(kubelet.follows.size).toBe(0), { interval: 2 });
    }
    kubelet.finish();
    await following;
    expect(lines).toEqual(expected);
  });

  it('goes on where an earlier follow stopped', async () => {
    kubelet.write('one');
    kubelet.write('two');
    const first = new AbortController();
    const following = follow(first.signal);
    await expect.poll(() => lines, PATIENTLY).toEqual(['one', 'two']);
    first.abort();
    await following;
    kubelet.write('three');
    kubelet.finish();
    await follow();
    expect(lines).toEqual(['one', 'two', 'three']);
  });

  it('gives a last line without a newline once, at the end', async () => {
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.write('one');
    kubelet.write('unfinished', '');
    await expect.poll(() => lines, PATIENTLY).toEqual(['one']);
    kubelet.reset();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.finish();
    await following;
    expect(lines).toEqual(['one', 'unfinished']);
  });
});

describe('the reader of followLog', () => {
  it('slows the sender down when it takes nothing', async () => {
    const generator = followLog({
      connection: server.connection,
      namespace: 'n',
      pod: 'p',
      container: 'main',
      position: undefined,
      isContainerFinished: () => false,
      nowMs: nextSecond,
      random: () => 0,
      signal: stopping.signal,
      log: quiet,
    });
    for (let at = 0; at < 2_000; at += 1) kubelet.write('x'.repeat(10_000));
    const first = await generator.next();
    const bytes = first.value?.pieces.reduce((sum, piece) => sum + (piece.kind === 'line' ? piece.bytes.length : 0), 0);
    expect(bytes).toBeLessThan(400 * 1024);
    await generator.return(undefined);
    await vi.waitFor(() => expect(kubelet.follows.size).toBe(0));
  });

  it('sees no error when it stops', async () => {
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    stopping.abort();
    await expect(following).resolves.toBeUndefined();
  });
});

describe('followLog of a pod that is removed', () => {
  it('has no gap when the pod is removed after the kubelet gave all of it', async () => {
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.write('one');
    kubelet.write('unfinished', '');
    kubelet.failures.push((_, response) => sendJson(response, 404, gone));
    kubelet.finish();
    await following;
    expect(lines).toEqual(['one', 'unfinished']);
  });

  it('has a gap when the pod is removed while the stream was broken', async () => {
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.write('one');
    await expect.poll(() => lines, PATIENTLY).toEqual(['one']);
    kubelet.failures.push((_, response) => sendJson(response, 404, gone));
    kubelet.reset();
    await following;
    expect(lines).toEqual(['one', 'LOG_UNAVAILABLE']);
  });

  it('takes a 404 that is not Kubernetes’ for a fault of the way there', async () => {
    kubelet.write('one');
    kubelet.failures.push((_, response) => {
      response.writeHead(404);
      response.end('no such route');
    });
    kubelet.finished = true;
    await follow();
    expect(lines).toEqual(['one']);
  });
});

describe('followLog in trouble', () => {
  it('waits for a container that has yet to start', async () => {
    const waiting = statusBody(400, 'BadRequest', 'container "main" in pod "p" is waiting to start: ContainerCreating');
    kubelet.failures.push((_, response) => sendJson(response, 400, waiting));
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.write('one');
    await expect.poll(() => lines, PATIENTLY).toEqual(['one']);
    kubelet.finish();
    await following;
  });

  it('has a gap for a container that ended without having started', async () => {
    kubelet.failures.push((_, response) => sendJson(response, 400, statusBody(400, 'BadRequest', 'waiting to start')));
    kubelet.finished = true;
    await follow();
    expect(lines).toEqual(['LOG_UNAVAILABLE']);
  });

  it('outlives an API server in trouble', async () => {
    kubelet.write('one');
    for (const status of [500, 503, 401])
      kubelet.failures.push((_, response) => sendJson(response, status, statusBody(status, 'x', 'y')));
    kubelet.finished = true;
    await follow();
    expect(lines).toEqual(['one']);
    expect(server.requests).toHaveLength(5);
  });

  it('notices a container that finished behind a dead connection', async () => {
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.write('one');
    await expect.poll(() => lines, PATIENTLY).toEqual(['one']);
    kubelet.finished = true;
    await following;
    expect(lines).toEqual(['one']);
  }, 10_000);

  it('has a gap where the log was rotated while the stream was broken', async () => {
    const following = follow();
    await vi.waitUntil(() => kubelet.follows.size === 1, PATIENTLY);
    kubelet.write('one');
    await expect.poll(() => lines, PATIENTLY).toEqual(['one']);
    kubelet.rotate();
    kubelet.write('lost');
    kubelet.reset();
    kubelet.rotate();
    for (let at = 0; at < 30; at += 1) kubelet.write(`new ${at}`);
    kubelet.finish();
    await following;
    expect(lines.filter((text) => !text.startsWith('new') && text !== 'lost')).toEqual(['one', 'LOG_ROTATED']);
    expect(lines.slice(-30)[0]).toBe('new 0');
  });
});
