import { describe, expect, it } from 'vitest';
import { sleep } from '@ccluster/runtime';
import { stoppable } from './stoppable.js';

describe('a stoppable iterator', () => {
  it('gives what is generated', async () => {
    const found: number[] = [];
    for await (const item of stoppable(() => generate(1, 2, 3))) found.push(item);
    expect(found).toEqual([1, 2, 3]);
  });

  it('ends a wait of its generator, which then releases what it holds', async () => {
    const released: string[] = [];
    const items = stoppable((signal) => waitAfterOne(signal, released));
    expect(await items.next()).toEqual({ done: false, value: 1 });
    const next = items.next();
    await items.return?.();
    expect(await next).toEqual({ done: true, value: undefined });
    expect(released).toEqual(['released']);
  });
});

async function* generate(...items: number[]): AsyncGenerator<number, void, undefined> {
  yield* items;
}

async function* waitAfterOne(signal: AbortSignal, released: string[]): AsyncGenerator<number, void, undefined> {
  try {
    yield 1;
    await sleep(60_000, signal);
  } finally {
    released.push('released');
  }
}
