import { describe, expect, it } from 'vitest';
import { largeBudgets } from './budgets.js';
import { loadModel } from './load-model.js';
import { report } from './report.js';

describe('whatever is late, lost or slow, no promise is broken by', () => {
  it.each(largeBudgets)('%s', { timeout: 7_200_000 }, async (name, budget) => {
    const { search } = await loadModel();
    const result = await search(budget, true);
    report(name, result);
    expect(result.broken).toBeUndefined();
  });
});
