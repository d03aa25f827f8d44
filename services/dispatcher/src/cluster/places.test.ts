import { describe, expect, it } from 'vitest';
import { createPlaces } from './places.js';

describe('places', () => {
  it('are had at once while some are free', async () => {
    const places = createPlaces(2, 1);
    expect([await places.enter(), await places.enter()]).toEqual([true, true]);
    places.leave();
    expect(await places.enter()).toBe(true);
  });

  it('are not had where none becomes free in time', async () => {
    const places = createPlaces(1, 5);
    await places.enter();
    expect(await places.enter()).toBe(false);
  });

  it('go to whoever waits longest', async () => {
    const places = createPlaces(1, 1_000);
    await places.enter();
    const served: string[] = [];
    const first = places.enter().then(() => served.push('first'));
    const second = places.enter().then(() => served.push('second'));
    places.leave();
    await first;
    expect(served).toEqual(['first']);
    places.leave();
    await second;
    expect(served).toEqual(['first', 'second']);
  });

  it('are as many after one has waited in vain', async () => {
    const places = createPlaces(1, 5);
    await places.enter();
    await places.enter();
    places.leave();
    expect(await places.enter()).toBe(true);
    expect(await places.enter()).toBe(false);
  });
});
