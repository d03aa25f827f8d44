import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startLifecycle } from './lifecycle.js';
import { createLogger } from './logger.js';

const log = createLogger('test', { write: () => undefined });

it('releases the newest first, each before the next', async () => {
  const { lifecycle, events } = start();
  lifecycle.onStop('pool', () => void events.push('pool'));
  lifecycle.onStop('server', async () => {
    events.push('server begins');
    await sleep(10);
    events.push('server ended');
  });
  expect(lifecycle.signal.aborted).toBe(false);
  await lifecycle.stop();
  expect(lifecycle.signal.aborted).toBe(true);
  expect(events).toEqual(['server begins', 'server ended', 'pool']);
});

it('stops once, however often it is told', async () => {
  const { lifecycle, events } = start();
  lifecycle.onStop('pool', () => void events.push('pool'));
  expect(lifecycle.stop()).toBe(lifecycle.stop());
  await lifecycle.stop();
  expect(events).toEqual(['pool']);
});

it('releases all, though some fail or hang, and then tells', async () => {
  const { lifecycle, events } = start(50);
  lifecycle.onStop('pool', () => void events.push('pool'));
  lifecycle.onStop('worker', () => new Promise(() => undefined));
  lifecycle.onStop('server', () => {
    throw new Error('in use');
  });
  await expect(lifecycle.stop()).rejects.toMatchObject({
    errors: [
      expect.objectContaining({ message: 'server did not stop', cause: new Error('in use') }),
      expect.objectContaining({ message: 'worker did not stop in time' }),
    ],
  });
  expect(events).toEqual(['pool']);
});

it('releases at once what is acquired during the stop or after it', async () => {
  const { lifecycle, events } = start();
  lifecycle.onStop('slow', () => sleep(20));
  const stopped = lifecycle.stop();
  lifecycle.onStop('during', () => void events.push('during'));
  await stopped;
  lifecycle.onStop('after', () => void events.push('after'));
  expect(events).toEqual(['during', 'after']);
});

it('goes on for as long as it drains, and drains nothing where it must stop at once', async () => {
  const { lifecycle, events } = start(50);
  lifecycle.drainMs = 100;
  lifecycle.onStop('server', () => void events.push('server'));
  const stopped = lifecycle.stop();
  expect(lifecycle.signal.aborted).toBe(true);
  await sleep(50);
  expect(events).toEqual([]);
  await stopped;
  expect(events).toEqual(['server']);

  const broken = start();
  broken.lifecycle.drainMs = 60_000;
  broken.lifecycle.onStop('server', () => void broken.events.push('server'));
  await broken.lifecycle.stop('AT_ONCE');
  expect(broken.events).toEqual(['server']);
});

function start(stopTimeoutMs = 5_000) {
  const events: string[] = [];
  return { events, lifecycle: startLifecycle({ log, stopTimeoutMs }) };
}
