import { describe, expect, it } from 'vitest';
import { faultOf } from '../testing/fault-of.js';
import { parseKubernetesObject, type KeptObject } from './kubernetes-object.js';
import { listObjects } from './list-objects.js';
import { ObjectStore } from './object-store.js';

const { signal } = new AbortController();
const MIB = 1024 * 1024;

function rawObject(name: string, text = ''): Record<string, unknown> {
  return { metadata: { namespace: 'jobs', name, uid: name, resourceVersion: '1' }, text };
}

const keepText = (unsafeObject: unknown) => parseKubernetesObject(unsafeObject, (object) => String(object['text']));

/** A list that never ends; each of its pages has these items. */
function listWithoutEnd(
  itemsOf: (page: number) => unknown[],
  keep: (object: unknown) => KeptObject<string> | undefined,
) {
  let pages = 0;
  const getJson = () => {
    pages += 1;
    return Promise.resolve({ metadata: { resourceVersion: '1', continue: 'more' }, items: itemsOf(pages) });
  };
  const list = listObjects({ connection: { getJson }, path: '/pods', query: {}, pageSize: 500, signal, keep });
  return { list, pages: () => pages };
}

describe('a list without end', () => {
  it('of nothing that is kept is broken off after so many pages', async () => {
    const { list, pages } = listWithoutEnd(
      () => [rawObject('a')],
      () => undefined,
    );
    expect(await faultOf(list)).toMatchObject({ reason: 'TooManyObjects' });
    expect(pages()).toBe(2_000);
  });

  it('of small objects is broken off at so many objects', async () => {
    const { list, pages } = listWithoutEnd(
      (page) => Array.from({ length: 5_000 }, (_, i) => rawObject(`${page}-${i}`)),
      keepText,
    );
    expect(await faultOf(list)).toMatchObject({ reason: 'TooManyObjects' });
    expect(pages()).toBeLessThanOrEqual(51);
  });

  it('of large objects is broken off at so many bytes', async () => {
    const large = 'x'.repeat(MIB / 2);
    const { list, pages } = listWithoutEnd((page) => [rawObject(`${page}`, large)], keepText);
    expect(await faultOf(list)).toMatchObject({ reason: 'TooManyObjects' });
    expect(pages()).toBe(256);
  });
});

describe('what is kept of an object', () => {
  it('is never more than an honest one has', () => {
    expect(() => keepText(rawObject('a', 'x'.repeat(MIB)))).toThrow('too large');
    expect(() => keepText(rawObject('a'.repeat(2 * MIB)))).toThrow('too large');
    expect(keepText(rawObject('a', 'x'.repeat(MIB / 2))).item).toHaveLength(MIB / 2);
  });
});

describe('a store', () => {
  const object = (name: string, version: string, size: number): KeptObject<string> => ({
    key: name,
    uid: name,
    resourceVersion: version,
    item: name,
    size,
  });
  const fill = (store: ObjectStore<string>, count: number, version = '1') => {
    for (let i = 0; i < count; i += 1) store.put(object(`${i}`, version, MIB));
  };

  it('takes so many bytes and no more, by whatever changes they come', () => {
    const store = new ObjectStore<string>();
    fill(store, 128);
    expect(() => store.put(object('more', '1', MIB))).toThrow('Objects of more than');
    expect(store.items.size).toBe(128);
  });

  it('counts an object that changes, goes or is replaced once', () => {
    const store = new ObjectStore<string>();
    for (let version = 1; version <= 5; version += 1) fill(store, 128, `${version}`);
    for (let i = 0; i < 64; i += 1) store.delete(object(`${i}`, '9', MIB));
    for (let i = 0; i < 64; i += 1) store.put(object(`other-${i}`, '9', MIB));
    expect(() => store.put(object('more', '9', MIB))).toThrow('Objects of more than');
    store.replaceAll([object('a', '9', MIB), object('a', '9', MIB), object('b', '9', MIB)]);
    fill(store, 126);
    expect(() => store.put(object('more', '9', MIB))).toThrow('Objects of more than');
  });
});
