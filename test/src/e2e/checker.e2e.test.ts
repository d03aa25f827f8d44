import { readTestEnvironment } from '@ccluster/testkit';
import { expect, it } from 'vitest';

import { checkerProof } from '../faults/scenarios/checker-proof.js';

it('the checker finds every violation that is planted, and no other', async () => {
  const { signal } = new AbortController();
  const result = await checkerProof.run({
    environment: readTestEnvironment(),
    seed: 1,
    isShort: true,
    say: () => undefined,
    signal,
  });
  expect(result.violations).toEqual([]);
  expect(result.figures['findings not planted']).toBe('0');
});
