import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClusterConnection } from '../connection/connection.js';
import { sendJson, statusBody } from '../testing/fake-api-server.js';
import { PATIENTLY, ReflectorFixture } from '../testing/reflector-fixture.js';

let fixture: ReflectorFixture;

beforeEach(async () => {
  fixture = new ReflectorFixture();
  await fixture.open();
});

afterEach(() => fixture.close());

describe('a reflector whose watch breaks', () => {
  it('resumes after a reset where it was, and misses nothing', async () => {
    await fixture.startSynced();
    fixture.collection.put('a', '1');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1' });
    fixture.collection.resetWatches();
    fixture.collection.put('b', '1');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1', 'n/b': '1' });
    expect(fixture.listRequests()).toHaveLength(1);
    expect(fixture.watchRequests()[1]?.query.get('resourceVersion')).toBe('101');
    expect(fixture.anomalies).toMatchObject([{ code: 'FAULT', fault: { kind: 'UNREACHABLE' } }]);
  });

  it('resumes soon however often it breaks, as long as something comes in between', async () => {
    // After sixteen failures in a row it would wait a minute.
    await fixture.startSynced({ random: () => 0.99 }, { backoff: { baseMs: 1, maxMs: 60_000 } });
    for (let i = 0; i < 16; i += 1) {
      fixture.collection.put('a', String(i));
      await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': String(i) });
      fixture.collection.resetWatches();
    }
    fixture.collection.put('a', 'last');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': 'last' });
    expect(fixture.listRequests()).toHaveLength(1);
  });

  it('resumes soon however often it breaks, as long as it lives for a while in between', async () => {
    let nowMs = 0;
    let opened = 0;
    const openStream: ClusterConnection['openStream'] = async (path, call) => {
      const stream = await fixture.server.connection.openStream(path, call);
      opened += 1;
      return stream;
    };
    fixture.collection.put('a', '1');
    const connection = { ...fixture.server.connection, openStream };
    await fixture.startSynced(
      { connection, now: () => nowMs, random: () => 0.99 },
      { backoff: { baseMs: 1, maxMs: 60_000 }, shortestWatchMs: 1_000, healthyAfterMs: 10_000 },
    );
    for (let i = 1; i <= 16; i += 1) {
      await expect.poll(() => opened, PATIENTLY).toBe(i);
      nowMs += 1_000;
      fixture.collection.resetWatches();
    }
    await expect.poll(() => opened, PATIENTLY).toBe(17);
    expect(fixture.listRequests()).toHaveLength(1);
  });

  it('resumes from the newest bookmark', async () => {
    const started = await fixture.startSynced();
    fixture.collection.bookmark();
    await vi.waitFor(() => expect(started.resourceVersion()).toBe('101'));
    fixture.collection.resetWatches();
    await vi.waitFor(() => expect(fixture.watchRequests()).toHaveLength(2));
    expect(fixture.watchRequests()[1]?.query.get('resourceVersion')).toBe('101');
  });

  it('ignores the half line that a reset leaves', async () => {
    fixture.collection.put('a', '1');
    await fixture.startSynced();
    fixture.collection.sendRaw('{"type":"ADDED","obj');
    fixture.collection.resetWatches();
    fixture.collection.put('a', '2');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '2' });
    expect(fixture.listRequests()).toHaveLength(1);
  });

  it('resumes at once when the API server ends the watch in good order', async () => {
    await fixture.startSynced({}, { shortestWatchMs: 0 });
    fixture.collection.endWatches();
    await vi.waitFor(() => expect(fixture.watchRequests()).toHaveLength(2));
    expect(fixture.anomalies).toEqual([]);
  });

  it('waits between watches that end at once', async () => {
    await fixture.startSynced();
    const answers = Array.from({ length: 5 }, () => (_: unknown, response: { end(): void }) => response.end());
    fixture.collection.failures.push(...answers);
    fixture.collection.endWatches();
    await vi.waitFor(() => expect(fixture.anomalies.length).toBeGreaterThanOrEqual(3), { timeout: 2_000 });
    expect(fixture.anomalies.every(({ code }) => code === 'FAULT')).toBe(true);
  });

  it('opens a new watch when the old one is silent for too long', async () => {
    await fixture.startSynced({}, { idleTimeoutMs: 100 });
    await vi.waitFor(() => expect(fixture.watchRequests().length).toBeGreaterThanOrEqual(2), { timeout: 3_000 });
    expect(fixture.anomalies[0]).toMatchObject({ code: 'FAULT', fault: { kind: 'TIMEOUT' } });
    fixture.collection.put('a', '1');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1' });
  });
});

describe('a reflector of a cluster in trouble', () => {
  it('keeps asking until it gets its first list', async () => {
    fixture.collection.put('a', '1');
    for (const status of [500, 503, 401, 403]) {
      fixture.collection.failures.push((_, response) => sendJson(response, status, statusBody(status, 'x', 'y')));
    }
    fixture.collection.failures.push((_, response) => void response.destroy());
    await fixture.startSynced();
    expect(fixture.contents()).toEqual({ 'n/a': '1' });
    expect(fixture.anomalies).toHaveLength(5);
  });

  it('stays away as long as it is told to', async () => {
    fixture.collection.failures.push((_, response) =>
      sendJson(response, 429, statusBody(429, 'TooManyRequests', 'later', { retryAfterSeconds: 0.3 })),
    );
    const startedAtMs = Date.now();
    await fixture.startSynced();
    expect(Date.now() - startedAtMs).toBeGreaterThanOrEqual(290);
  });

  it('begins the list again when its continuation expires', async () => {
    for (const name of ['a', 'b', 'c']) fixture.collection.put(name, '1');
    fixture.collection.failures.push((request, response) => fixture.collection.answer(request, response));
    fixture.collection.failures.push((_, response) =>
      sendJson(response, 410, statusBody(410, 'Expired', 'the provided continue parameter is too old')),
    );
    await fixture.startSynced();
    expect(Object.keys(fixture.contents())).toHaveLength(3);
  });
});
