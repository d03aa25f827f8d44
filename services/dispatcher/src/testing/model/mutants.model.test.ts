import { describe, expect, it } from 'vitest';
import { loadModel } from './load-model.js';
import { mutants } from './mutants.js';

describe('the model finds out where', () => {
  it.each(mutants)('$name', { timeout: 300_000 }, async ({ budget, breaks, ...mutation }) => {
    const { search } = await loadModel(mutation);
    const { broken } = await search(budget, /^I[35]/.test(breaks));
    expect(broken?.promise).toMatch(new RegExp(`^${breaks}`));
  });
});
