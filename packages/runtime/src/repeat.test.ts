import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createLogger } from './logger.js';
import { startLoop, type LoopOptions } from './repeat.js';

it('runs at once and again, never twice at a time', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const { loop } = start(async () => {
    most = Math.max(most, (running += 1));
    await sleep(10);
    running -= 1;
    runs += 1;
  });
  await sleep(150);
  await loop.stop();
  expect(most).toBe(1);
  expect(runs).toBeGreaterThan(2);
});

it('survives a run that fails, and logs it', async () => {
  const thirdRun = Promise.withResolvers<void>();
  let runs = 0;
  const { loop, lines } = start(async () => {
    runs += 1;
    if (runs === 1) throw new Error('no connection');
    if (runs === 3) thirdRun.resolve();
  });
  await thirdRun.promise;
  await loop.stop();
  expect(lines).toEqual([
    expect.objectContaining({
      loop: 'sweep',
      failures: 1,
      error: expect.objectContaining({ message: 'Error: no connection' }),
    }),
  ]);
});

it('waits on stop for the run, whose signal it aborts, and for no pause', async () => {
  let ended = false;
  const { loop, lines } = start(async (signal) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    await sleep(20);
    ended = true;
    throw new Error('aborted');
  }, 60_000);
  await loop.stop();
  expect(ended).toBe(true);
  await loop.stop();
  expect(lines).toEqual([]);
});

function start(run: LoopOptions['run'], intervalMs = 5) {
  const lines: unknown[] = [];
  const log = createLogger('test', { write: (line: string) => lines.push(JSON.parse(line)) });
  return { lines, loop: startLoop({ name: 'sweep', intervalMs, run, log }) };
}
