import { describe, expect, it } from 'vitest';

import { findDifference, type SentAnswer } from './compare-answers.js';
import { isId, neverExisted } from './never-existed.js';
import { createTwins } from './twins.js';

const sent = (value: string, text: string, names: string[] = []): SentAnswer => ({ value, text, names });

describe('answers', () => {
  it('are the same where only the ids differ', () => {
    const answer = (id: string) => sent(id, `{"message":"no ${id}"}`);
    expect(findDifference(answer('a1'), answer('b1'), answer('c1'))).toBeUndefined();
  });

  it.each([
    ['another text', '{"data":{"job":{"id":"x"}}}'],
    ['another order', '{"b":1,"a":2}'],
    ['a blank more', '{"data": {"job":null}}'],
  ])('differ by %s', (_, text) => {
    const nothing = (id: string) => sent(id, '{"data":{"job":null}}');
    expect(findDifference(sent('a1', text), nothing('b1'), nothing('c1'))).toBeDefined();
  });

  it('may vary where those to nobody vary', () => {
    const answer = (id: string, at: string, count: number) =>
      sent(id, JSON.stringify({ id, at, list: [{ count, name: `n-${id}` }] }), [`n-${id}`]);
    const [one, other] = [answer('b1', '1', 7), answer('c1', '2', 7)];
    expect(findDifference(answer('a1', '3', 7), one, other)).toBeUndefined();
    expect(findDifference(answer('a1', '3', 8), one, other)).toContain('.list[0].count');
  });

  it('may list what the caller stored under each of them', () => {
    const answer = (value: string) => sent(value, `{"name":"${value}","types":["a1","b1","c1"]}`);
    expect(findDifference(answer('a1'), answer('b1'), answer('c1'))).toBeUndefined();
  });

  it('may repeat a value as JSON writes it', () => {
    const answer = (value: string) => sent(value, JSON.stringify({ message: `got ${JSON.stringify(value)}` }));
    expect(findDifference(answer('a"b'), answer('c"d'), answer('e"f'))).toBeUndefined();
  });
});

describe('what never existed', () => {
  const id = 'job_01m85hp1q0q3ameb56t6eqw8p2';
  it('is an id of the same kind and age', () => {
    const other = neverExisted(id);
    expect([isId(other), other.slice(0, 14), other === id]).toEqual([true, id.slice(0, 14), false]);
  });

  it('is a cursor to the same place among things of nobody', () => {
    const cursor = Buffer.from(JSON.stringify(['events', { jobId: id, sequence: 4 }])).toString('base64url');
    const [list, { jobId, sequence }] = JSON.parse(Buffer.from(neverExisted(cursor), 'base64url').toString('utf8')) as [
      string,
      { jobId: string; sequence: number },
    ];
    expect([list, sequence, isId(jobId), jobId === id]).toEqual(['events', 4, true, false]);
  });

  it('is a name with letters and digits where the other has them', () =>
    expect(neverExisted('train-7')).toMatch(/^(?!train)[a-z]{5}-\d$/));

  it('is the same each time for one value, and another for the next', () => {
    const twins = createTwins();
    expect(twins.of('train-7')).toBe(twins.of('train-7'));
    expect(new Set([...twins.of('train-70'), ...twins.of('train-71')]).size).toBe(4);
  });
});
