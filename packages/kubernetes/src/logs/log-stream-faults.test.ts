import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeAnswer, sendJson, statusBody } from '../testing/fake-api-server.js';
import { FollowedLog } from '../testing/followed-log.js';

const PATIENTLY = { timeout: 5_000, interval: 2 };
const REFUSAL = 'unable to retrieve container logs for containerd://abc';
const gone = statusBody(404, 'NotFound', 'pods "p" not found');

let log: FollowedLog;
beforeEach(() => {
  log = new FollowedLog();
  // By which any two reads are far apart.
  log.tickMs = 1_000;
});
afterEach(() => log.stop());

describe('followLog of what is removed', () => {
  const removals: Readonly<Record<string, FakeAnswer>> = {
    'a pod': (_, response) => sendJson(response, 404, gone),
    'a container': (_, response) => void response.end(REFUSAL),
  };

  it.each(Object.entries(removals))(
    'has no gap when %s is removed after the kubelet gave all of it',
    async (_, refuse) => {
      const following = log.follow();
      await log.untilFollowed();
      log.kubelet.write('one');
      log.kubelet.write('unfinished', '');
      log.kubelet.failures.push(refuse);
      log.kubelet.finish();
      await following;
      expect(log.lines).toEqual(['one', 'unfinished']);
    },
  );

  it.each(Object.entries(removals))('has a gap when %s is removed while the stream was broken', async (_, refuse) => {
    const following = log.follow();
    await log.untilFollowed();
    log.kubelet.write('one');
    await expect.poll(() => log.lines, PATIENTLY).toEqual(['one']);
    // Only what two reads agree on is believed.
    log.kubelet.failures.push(refuse, refuse, refuse);
    log.kubelet.finished = true;
    log.kubelet.reset();
    await following;
    expect(log.lines).toEqual(['one', 'LOG_UNAVAILABLE']);
  });

  it('takes a 404 that is not Kubernetes’ for a fault of the way there', async () => {
    log.kubelet.write('one');
    log.kubelet.failures.push((_, response) => {
      response.writeHead(404);
      response.end('no such route');
    });
    log.kubelet.finished = true;
    await log.follow();
    expect(log.lines).toEqual(['one']);
  });
});

describe('followLog in trouble', () => {
  it('waits for a container that has yet to start', async () => {
    const waiting = statusBody(400, 'BadRequest', 'container "main" in pod "p" is waiting to start: ContainerCreating');
    log.kubelet.failures.push((_, response) => sendJson(response, 400, waiting));
    const following = log.follow();
    await log.untilFollowed();
    log.kubelet.write('one');
    await expect.poll(() => log.lines, PATIENTLY).toEqual(['one']);
    log.kubelet.finish();
    await following;
  });

  it('has a gap for a container that ended without having started', async () => {
    log.kubelet.failures.push((_, response) =>
      sendJson(response, 400, statusBody(400, 'BadRequest', 'waiting to start')),
    );
    log.kubelet.finished = true;
    await log.follow();
    expect(log.lines).toEqual(['LOG_UNAVAILABLE']);
  });

  it('outlives an API server in trouble', async () => {
    log.kubelet.write('one');
    for (const status of [500, 503, 401])
      log.kubelet.failures.push((_, response) => sendJson(response, status, statusBody(status, 'x', 'y')));
    log.kubelet.finished = true;
    await log.follow();
    expect(log.lines).toEqual(['one']);
    expect((await log.server()).requests).toHaveLength(5);
  });

  it('notices a container that finished behind a dead connection', async () => {
    const following = log.follow();
    await log.untilFollowed();
    log.kubelet.write('one');
    await expect.poll(() => log.lines, PATIENTLY).toEqual(['one']);
    log.kubelet.finished = true;
    await following;
    expect(log.lines).toEqual(['one']);
  }, 10_000);

  it('has a gap where the log was rotated while the stream was broken', async () => {
    const following = log.follow();
    await log.untilFollowed();
    log.kubelet.write('one');
    await expect.poll(() => log.lines, PATIENTLY).toEqual(['one']);
    log.kubelet.rotate();
    log.kubelet.write('lost');
    log.kubelet.reset();
    log.kubelet.rotate();
    for (let at = 0; at < 30; at += 1) log.kubelet.write(`new ${at}`);
    log.kubelet.finish();
    await following;
    expect(log.lines.filter((text) => !text.startsWith('new') && text !== 'lost')).toEqual(['one', 'LOG_ROTATED']);
    expect(log.lines.slice(-30)[0]).toBe('new 0');
  });
});
