import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sendJson, statusBody } from '../testing/fake-api-server.js';
import { PATIENTLY, ReflectorFixture } from '../testing/reflector-fixture.js';

const AN_HOUR = { backoff: { baseMs: 3_600_000, maxMs: 3_600_000 } };

let fixture: ReflectorFixture;
let ticks = 0;
/** A clock of which no two times are the same. */
const ticking = { now: () => (ticks += 1) };

beforeEach(async () => {
  fixture = new ReflectorFixture();
  await fixture.open();
});

afterEach(() => fixture.close());

describe('a reflector that is told that its cluster answers again', () => {
  it('waits no longer after a failure', async () => {
    fixture.collection.put('a', '1');
    const reflector = await fixture.startSynced(ticking, AN_HOUR);
    fixture.collection.resetWatches();
    await vi.waitFor(() => expect(fixture.anomalies).toHaveLength(1), PATIENTLY);
    fixture.collection.put('a', '2');
    reflector.retry();
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '2' });
    expect(fixture.listRequests()).toHaveLength(1);
  });

  it('begins anew what hangs, and takes that for no failure', async () => {
    let hanging = 0;
    fixture.collection.failures.push(() => void (hanging += 1));
    const reflector = fixture.start(ticking, AN_HOUR);
    await vi.waitFor(() => expect(hanging).toBe(1), PATIENTLY);
    reflector.retry();
    await expect(reflector.whenSynced(AbortSignal.timeout(2_000))).resolves.toBeUndefined();
    expect(fixture.anomalies).toEqual([]);
  });

  it('keeps a pause that the API server asked for, and then waits no longer', async () => {
    let refusedAtMs = Number.POSITIVE_INFINITY;
    fixture.collection.failures.push((_, response) => {
      refusedAtMs = performance.now();
      sendJson(response, 429, statusBody(429, 'TooManyRequests', 'later'), { 'retry-after': '1' });
    });
    const reflector = fixture.start(ticking, AN_HOUR);
    await vi.waitFor(() => expect(fixture.anomalies).toHaveLength(1), PATIENTLY);
    reflector.retry();
    await reflector.whenSynced(AbortSignal.timeout(5_000));
    expect(performance.now() - refusedAtMs).toBeGreaterThanOrEqual(999);
  });

  it('resumes a silent watch only where the cluster still has the past', async () => {
    const { collection } = fixture;
    const reflector = await fixture.startSynced(ticking, AN_HOUR);
    collection.put('a', '1');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1' });
    collection.endWatches();
    await vi.waitFor(() => expect(fixture.watchRequests()).toHaveLength(2), PATIENTLY);
    collection.restore(0);
    collection.changeUnseen(() => collection.put('b', '1'));
    reflector.retry();
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/b': '1' });
  });

  it('keeps the watch that brings something', async () => {
    const reflector = await fixture.startSynced(ticking, AN_HOUR);
    fixture.collection.put('a', '1');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1' });
    reflector.retry();
    fixture.collection.put('a', '2');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '2' });
    expect(fixture.watchRequests()).toHaveLength(1);
  });

  it('pauses again, as after a first failure, where it does not after all', async () => {
    const reflector = await fixture.startSynced(ticking, AN_HOUR);
    fixture.collection.resetWatches();
    await vi.waitFor(() => expect(fixture.anomalies).toHaveLength(1), PATIENTLY);
    fixture.collection.failures.push((_, response) => sendJson(response, 503, statusBody(503, 'Unavailable', 'no')));
    reflector.retry();
    await vi.waitFor(() => expect(fixture.anomalies).toHaveLength(2), PATIENTLY);
    expect(fixture.watchRequests().length + fixture.listRequests().length).toBeLessThanOrEqual(3);
  });
});
