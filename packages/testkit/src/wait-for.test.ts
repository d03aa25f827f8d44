import { describe, expect, it } from 'vitest';
import { waitFor } from './wait-for.js';

describe('waitFor', () => {
  it('gives the first thing that is found', async () => {
    const answers = [undefined, null, false, new Error('not yet'), 0, 'too late'];
    const found = await waitFor(
      () => {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        return answer;
      },
      { timeoutMs: 5_000, what: 'a number' },
    );
    expect(found).toBe(0);
  });

  it('says what did not come, with the last error', async () => {
    const waiting = waitFor(() => Promise.reject(new Error('no row')), { timeoutMs: 50, what: 'the row' });
    await expect(waiting).rejects.toMatchObject({
      message: 'Waited 50 ms in vain for the row',
      cause: new Error('no row'),
    });
  });
});
