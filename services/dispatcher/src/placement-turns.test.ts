import { afterEach, expect, it, vi } from 'vitest';
import { createPlacementTurns } from './placement-turns.js';

afterEach(() => {
  vi.useRealTimers();
});

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

it('keeps nobody waiting for more than 5 s, and gives the others their turns', async () => {
  vi.useFakeTimers();
  const { take } = createPlacementTurns();
  const hanging = Promise.withResolvers<string>();
  const first = take(() => hanging.promise);
  const work = vi.fn<() => Promise<string>>(() => Promise.resolve('too late'));
  const tooLate = take(work);
  await vi.advanceTimersByTimeAsync(3_000);
  const inTime = take(() => Promise.resolve('in time'));
  await vi.advanceTimersByTimeAsync(2_000);
  await expect(tooLate).resolves.toBeUndefined();
  hanging.resolve('first');
  expect(await Promise.all([first, inTime])).toEqual(['first', 'in time']);
  expect(work).not.toHaveBeenCalled();
  await expect(take(() => Promise.resolve('later'))).resolves.toBe('later');
});
