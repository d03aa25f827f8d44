import { describe, expect, it } from 'vitest';

import { createStopStack } from './stop-stack.js';

describe('a stop stack', () => {
  it('releases newest first, each one even if another fails, and gives the failures', async () => {
    const stopped: string[] = [];
    const { onStop, stopAll } = createStopStack();
    onStop('first', async () => void stopped.push('first'));
    onStop('second', () => Promise.reject(new Error('stuck')));
    onStop('third', async () => void stopped.push('third'));
    const errors = await stopAll();
    expect(stopped).toEqual(['third', 'first']);
    expect(errors).toMatchObject([{ message: 'stopping second failed', cause: { message: 'stuck' } }]);
  });

  it('stops once however often it is asked', async () => {
    let stops = 0;
    const { onStop, stopAll } = createStopStack();
    onStop('only', async () => void (stops += 1));
    await Promise.all([stopAll(), stopAll()]);
    expect(stops).toBe(1);
  });

  it('releases what is acquired while it stops', async () => {
    const stopped: string[] = [];
    const { onStop, stopAll } = createStopStack();
    onStop('early', async () => onStop('late', async () => void stopped.push('late')));
    await stopAll();
    expect(stopped).toEqual(['late']);
  });
});
