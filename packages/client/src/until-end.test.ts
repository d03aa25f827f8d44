import { describe, expect, it } from 'vitest';
import { RequestRefused } from './errors.js';
import { untilEnd } from './until-end.js';

const refusal = (code: string, details: object = {}) =>
  new RequestRefused([{ message: code, extensions: { code, ...details } }]);

/** Opens one attempt after the other; each gives its items and then, where it has one, throws its error. */
function attempts(...each: readonly { readonly items?: readonly string[]; readonly error?: Error }[]) {
  let opened = 0;
  return async function* () {
    const { items = [], error } = each[opened++] ?? {};
    yield* items;
    if (error !== undefined) throw error;
  };
}

async function collect(items: AsyncIterable<string>): Promise<string[]> {
  const collected: string[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe('untilEnd', () => {
  it('goes on where the connection dropped or the server had a fault, until the end', async () => {
    const open = attempts(
      { items: ['a'], error: new Error('dropped') },
      { error: refusal('INTERNAL') },
      { items: ['b', 'c'] },
      { items: ['never'] },
    );
    expect(await collect(untilEnd(open))).toEqual(['a', 'b', 'c']);
  });

  it('waits as long as the server says', async () => {
    const begunMs = performance.now();
    const open = attempts(
      { error: refusal('RATE_LIMITED', { retryAfterSeconds: 0.3 }) },
      { error: refusal('UNAUTHENTICATED', { retryAfterSeconds: 0.3 }) },
      { items: ['a'] },
    );
    expect(await collect(untilEnd(open))).toEqual(['a']);
    expect(performance.now() - begunMs).toBeGreaterThanOrEqual(598);
  });

  it('throws a refusal that stands', async () => {
    const open = attempts({ items: ['a'], error: refusal('NOT_FOUND') }, { items: ['never'] });
    await expect(collect(untilEnd(open))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
