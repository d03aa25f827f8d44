import { expect, it } from 'vitest';
import { createPlacementTurns } from './placement-turns.js';

it('gives one turn at a time, and the next to whoever came last', async () => {
  const { take } = createPlacementTurns();
  const order: string[] = [];
  const turn = (name: string) =>
    take(async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
      return name;
    });
  expect(await Promise.all(['a', 'b', 'c'].map(turn))).toEqual(['a', 'b', 'c']);
  expect(order).toEqual(['a begins', 'a ends', 'c begins', 'c ends', 'b begins', 'b ends']);
});

it('goes on after a turn that failed', async () => {
  const { take } = createPlacementTurns();
  const failing = take(() => Promise.reject(new Error('no connection')));
  const next = take(() => Promise.resolve('next'));
  await expect(failing).rejects.toThrow('no connection');
  await expect(next).resolves.toBe('next');
  await expect(take(() => Promise.resolve('later'))).resolves.toBe('later');
});
