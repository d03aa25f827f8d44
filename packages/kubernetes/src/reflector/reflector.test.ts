import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { line } from '../testing/fake-collection.js';
import { PATIENTLY, ReflectorFixture } from '../testing/reflector-fixture.js';

let fixture: ReflectorFixture;

beforeEach(async () => {
  fixture = new ReflectorFixture();
  await fixture.open();
});

afterEach(() => fixture.close());

describe('a reflector', () => {
  it('lists page by page with its selectors, then shows what is there', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) fixture.collection.put(name, name.toUpperCase());
    await fixture.startSynced();
    expect(fixture.contents()).toEqual({ 'n/a': 'A', 'n/b': 'B', 'n/c': 'C', 'n/d': 'D', 'n/e': 'E' });
    expect(fixture.listRequests()).toHaveLength(3);
    expect(fixture.listRequests().every(({ query }) => query.get('labelSelector') === 'app=x')).toBe(true);
    expect(fixture.listRequests().some(({ query }) => query.has('resourceVersion'))).toBe(false);
  });

  it('tells additions, changes and deletions with what was before', async () => {
    fixture.collection.put('a', '1');
    await fixture.startSynced();
    fixture.collection.put('a', '2');
    fixture.collection.put('b', '1');
    fixture.collection.delete('a');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/b': '1' });
    expect(fixture.changes).toEqual([
      { key: 'n/a', uid: 'uid-a', item: '1' },
      { key: 'n/a', uid: 'uid-a', item: '2', previous: '1' },
      { key: 'n/b', uid: 'uid-b', item: '1' },
      { key: 'n/a', uid: 'uid-a', previous: '2' },
    ]);
    expect(fixture.anomalies).toEqual([]);
  });

  it('takes a namesake with another uid for a deletion and an addition', async () => {
    fixture.collection.put('a', '1', 'u1');
    await fixture.startSynced();
    fixture.collection.put('a', '2', 'u2');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '2' });
    expect(fixture.changes.slice(1)).toEqual([
      { key: 'n/a', uid: 'u1', previous: '1' },
      { key: 'n/a', uid: 'u2', item: '2' },
    ]);
  });

  it('leaves out what does not interest, and what stops to interest', async () => {
    fixture.collection.put('a', 'ignored');
    fixture.collection.put('b', '1');
    await fixture.startSynced();
    expect(fixture.contents()).toEqual({ 'n/b': '1' });
    fixture.collection.put('b', 'ignored');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({});
  });
});

describe('the watch of a reflector', () => {
  it('puts characters together that arrive in halves', async () => {
    await fixture.startSynced();
    const bytes = Buffer.from(
      line('ADDED', { metadata: { namespace: 'n', name: 'a', uid: 'u', resourceVersion: '101' }, value: 'größe 🚀' }),
    );
    for (const byte of bytes) fixture.collection.sendRaw(Buffer.from([byte]));
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': 'größe 🚀' });
  });

  it('does not go back to what it has seen, nor bring back what was deleted', async () => {
    await fixture.startSynced();
    fixture.collection.put('a', '1');
    const old = line('MODIFIED', fixture.collection.objects.get('a'));
    fixture.collection.put('a', '2');
    fixture.collection.sendRaw(old);
    fixture.collection.delete('a');
    fixture.collection.sendRaw(old);
    fixture.collection.put('b', '1');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/b': '1' });
    expect(fixture.changes.filter(({ key }) => key === 'n/a').map(({ item }) => item)).toEqual(['1', '2', undefined]);
  });
});

describe('stopping a reflector', () => {
  it('ends a watch, and a wait between attempts, at once', async () => {
    const started = await fixture.startSynced();
    await started.stop();
    await vi.waitFor(() => expect(fixture.collection.watches.size).toBe(0));
    for (let at = 0; at < 10; at += 1) fixture.collection.failures.push((_, response) => void response.destroy());
    const failing = fixture.start({}, { backoff: { baseMs: 60_000, maxMs: 60_000 } });
    await vi.waitFor(() => expect(fixture.anomalies.length).toBeGreaterThan(0));
    await failing.stop();
  });

  it('is not needed to give up waiting for the first list', async () => {
    fixture.collection.failures.push(() => undefined);
    const started = fixture.start();
    await expect(started.whenSynced(AbortSignal.timeout(20))).rejects.toThrow('timeout');
  });
});
