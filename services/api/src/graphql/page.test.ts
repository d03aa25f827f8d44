import { describe, expect, it, test } from 'vitest';
import { checkPageSize, forwardPage } from './page.js';

const toEdge = (number: number) => ({ cursor: `c${number}`, node: number });

describe('forwardPage', () => {
  test.each([
    ['nothing', [], 2, null, { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }],
    ['all', [1, 2], 2, null, { hasNextPage: false, hasPreviousPage: false, startCursor: 'c1', endCursor: 'c2' }],
    [
      'a first page',
      [1, 2, 3],
      2,
      null,
      { hasNextPage: true, hasPreviousPage: false, startCursor: 'c1', endCursor: 'c2' },
    ],
    ['a last page', [3], 2, 'c2', { hasNextPage: false, hasPreviousPage: true, startCursor: 'c3', endCursor: 'c3' }],
    ['an empty page', [1], 0, null, { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null }],
  ])('tells what is around %s', (_, found, first, after, pageInfo) => {
    const page = forwardPage(found, { first, after }, toEdge);
    expect(page).toEqual({ edges: found.slice(0, first).map(toEdge), pageInfo });
  });
});

describe('checkPageSize', () => {
  it('takes 0 to 100', () => {
    expect(() => [0, 100].forEach((size) => checkPageSize('first', size))).not.toThrow();
  });

  test.each([-1, 101])('refuses %i', (size) => {
    expect(() => checkPageSize('first', size)).toThrow(`first must be from 0 to 100; got ${size}`);
  });
});
