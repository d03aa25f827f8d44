import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type FakeAnswer, sendJson, statusBody } from '../testing/fake-api-server.js';
import { type FakeCollection, line } from '../testing/fake-collection.js';
import { PATIENTLY, ReflectorFixture } from '../testing/reflector-fixture.js';

let fixture: ReflectorFixture;

beforeEach(async () => {
  fixture = new ReflectorFixture();
  await fixture.open();
});

afterEach(() => fixture.close());

describe('a reflector that lost the thread', () => {
  const OLD = { metadata: { namespace: 'n', name: 'old', uid: 'uid-old', resourceVersion: '50' }, value: '1' };
  const expired = statusBody(410, 'Expired', 'too old resource version: 1 (2)');

  it.each([
    ['an ERROR event', () => fixture.collection.sendRaw(line('ERROR', expired))],
    [
      'HTTP 410',
      () => {
        fixture.collection.failures.push((_, response) =>
          sendJson(response, 200, { metadata: { resourceVersion: '100' } }),
        );
        fixture.collection.failures.push((_, response) => sendJson(response, 410, expired));
        fixture.collection.resetWatches();
      },
    ],
    ['a damaged line', () => fixture.collection.sendRaw('{"type": "ADDED", oops}\n')],
    [
      'a line that is no event',
      () => fixture.collection.sendRaw('{"type": "SURPRISE", "object": {"metadata": {"resourceVersion": "101"}}}\n'),
    ],
    ['an event that is older than the last', () => fixture.collection.sendRaw(line('ADDED', OLD))],
  ])('by %s lists again and tells what was deleted meanwhile', async (_, breakWatch) => {
    fixture.collection.put('a', '1');
    fixture.collection.put('b', '1');
    await fixture.startSynced();
    fixture.changes.length = 0;
    fixture.collection.changeUnseen(() => {
      fixture.collection.delete('a');
      fixture.collection.put('b', '2');
      fixture.collection.put('c', '1');
    });
    // The fake's list must not look older than the reflector's own state.
    breakWatch();
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/b': '2', 'n/c': '1' });
    expect(fixture.changes).toEqual(
      expect.arrayContaining([
        { key: 'n/a', uid: 'uid-a', previous: '1' },
        { key: 'n/b', uid: 'uid-b', item: '2', previous: '1' },
        { key: 'n/c', uid: 'uid-c', item: '1' },
      ]),
    );
    expect(fixture.changes).toHaveLength(3);
  });

  it('gives the events before a damaged one', async () => {
    await fixture.startSynced();
    const good = line('ADDED', {
      metadata: { namespace: 'n', name: 'a', uid: 'u', resourceVersion: '101' },
      value: '1',
    });
    fixture.collection.sendRaw(`${good}oops\n`);
    await vi.waitFor(() => expect(fixture.changes[0]).toEqual({ key: 'n/a', uid: 'u', item: '1' }));
  });

  it('lists again after its interval', async () => {
    await fixture.startSynced({ relistIntervalMs: 100 });
    fixture.collection.changeUnseen(() => fixture.collection.put('a', '1'));
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1' });
    expect(fixture.anomalies).toEqual([]);
  });
});

describe('a reflector that meets the unexpected', () => {
  it('notices a cluster that forgot the past, before it shows its list', async () => {
    fixture.collection.put('a', '1');
    await fixture.startSynced({ onChange: (changed) => fixture.changes.push(...changed) });
    fixture.collection.resourceVersion = 50;
    fixture.collection.objects.clear();
    fixture.collection.changeUnseen(() => fixture.collection.put('b', '1'));
    fixture.collection.resetWatches();
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/b': '1' });
    expect(fixture.anomalies.map(({ code }) => code)).toContain('INCARNATION_CHANGED');
    expect(fixture.changes.slice(1)).toEqual([
      { key: 'n/b', uid: 'uid-b', item: '1' },
      { key: 'n/a', uid: 'uid-a', previous: '1' },
    ]);
  });

  it('notices another cluster at the same address, whose versions are no older', async () => {
    fixture.collection.put('a', '1');
    await fixture.startSynced();
    fixture.collection.systemUid = 'system-2';
    fixture.collection.objects.clear();
    fixture.collection.changeUnseen(() => fixture.collection.put('b', '1'));
    fixture.collection.resetWatches();
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/b': '1' });
    expect(fixture.anomalies.map(({ code }) => code)).toEqual(['FAULT', 'INCARNATION_CHANGED']);
  });

  describe('of a cluster that was restored, whose versions have caught up', () => {
    it.each<[string, (collection: FakeCollection) => void]>([
      ['an object that came after the backup', (collection) => collection.put('b', '1')],
      ['one that changed after it', (collection) => collection.put('a', '2')],
      ['one that was deleted after it', (collection) => collection.delete('a')],
      [
        'one that was deleted after it, and a bookmark',
        (collection) => {
          collection.delete('a');
          collection.bookmark();
        },
      ],
    ])('notices %s', async (_, change) => {
      const { collection } = fixture;
      await fixture.startSynced();
      collection.put('a', '1');
      const backup = collection.resourceVersion;
      change(collection);
      await vi.waitFor(() => expect(fixture.resourceVersion()).toBe(`${collection.resourceVersion}`), PATIENTLY);
      collection.restore(backup);
      collection.changeUnseen(() => ['1', '2', '3'].forEach((value) => collection.put('c', value)));
      collection.resetWatches();
      await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1', 'n/c': '3' });
      expect(fixture.anomalies.map(({ code }) => code)).toEqual(['FAULT', 'INCARNATION_CHANGED']);
    });
  });

  describe('after a failure', () => {
    it.each<[string, (collection: FakeCollection) => void]>([
      ['an object came last', (collection) => collection.put('b', '1')],
      ['one was deleted last', (collection) => collection.delete('a')],
      ['a bookmark came last', (collection) => collection.bookmark()],
      ['nothing came since its list', () => undefined],
    ])('does not list again where the past is the same and %s', async (_, change) => {
      const { collection } = fixture;
      collection.put('a', '1');
      await fixture.startSynced();
      change(collection);
      await vi.waitFor(() => expect(fixture.resourceVersion()).toBe(`${collection.resourceVersion}`), PATIENTLY);
      collection.resetWatches();
      collection.put('c', '1');
      await expect.poll(() => fixture.contents(), PATIENTLY).toHaveProperty('n/c');
      expect(fixture.listRequests()).toHaveLength(1);
      expect(fixture.anomalies.map(({ code }) => code)).toEqual(['FAULT']);
    });

    it('lists again where the cluster does not know the past any more', async () => {
      const { collection } = fixture;
      collection.put('a', '1');
      await fixture.startSynced();
      const newest: FakeAnswer = (_request, response) =>
        sendJson(response, 200, { metadata: { resourceVersion: `${collection.resourceVersion}` } });
      const compacted: FakeAnswer = (_request, response) =>
        sendJson(response, 410, statusBody(410, 'Expired', 'compacted'));
      collection.failures.push(newest, compacted);
      collection.changeUnseen(() => collection.put('b', '1'));
      collection.resetWatches();
      await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1', 'n/b': '1' });
      expect(fixture.anomalies.map(({ code }) => code)).toEqual(['FAULT']);
    });
  });

  it('leaves out an object that it cannot read', async () => {
    fixture.collection.put('a', '1');
    fixture.collection.put('bad', '1');
    const bad = fixture.collection.objects.get('bad');
    if (bad !== undefined) delete (bad as { value?: string }).value;
    await fixture.startSynced();
    expect(fixture.contents()).toEqual({ 'n/a': '1' });
    expect(fixture.anomalies).toMatchObject([{ code: 'BAD_OBJECT' }]);
  });

  it('goes on when its reader throws', async () => {
    await fixture.startSynced({
      onAnomaly: (anomaly) => {
        fixture.anomalies.push(anomaly);
        throw new Error('reader of anomalies');
      },
      onChange: (changed) => {
        fixture.changes.push(...changed);
        throw new Error('reader');
      },
    });
    fixture.collection.put('a', '1');
    fixture.collection.put('b', '1');
    await expect.poll(() => fixture.contents(), PATIENTLY).toEqual({ 'n/a': '1', 'n/b': '1' });
    expect(fixture.changes).toHaveLength(2);
    expect(fixture.anomalies[0]).toMatchObject({ code: 'HANDLER_FAILED' });
  });
});
