import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import {
  countIndexes,
  differenceIndexes,
  formatIndexSet,
  hasIndex,
  type IndexSet,
  parseIndexSet,
  sliceIndexes,
  unionIndexes,
} from './index-set.js';

describe('parseIndexSet', () => {
  test.each<[string, number, IndexSet]>([
    ['', 10, []],
    ['0', 10, [[0, 0]]],
    ['0-2', 10, [[0, 2]]],
    [
      '0-2,5,7-9',
      10,
      [
        [0, 2],
        [5, 5],
        [7, 9],
      ],
    ],
    ['1,2', 10, [[1, 2]]],
    ['0-2,3', 10, [[0, 3]]],
    ['5,1-3,2-4', 10, [[1, 5]]],
    ['8-20', 10, [[8, 9]]],
    ['12,14-16', 10, []],
    [
      '0-2,x,4-,-5,3-1,7',
      10,
      [
        [0, 2],
        [7, 7],
      ],
    ],
    ['99999999999', 10, []],
    ['0', 0, []],
  ])('reads %j of %i completions as %j', (text, completions, expected) => {
    expect(parseIndexSet(text, completions)).toEqual(expected);
  });
});

describe('formatIndexSet', () => {
  test.each<[IndexSet, string]>([
    [[], ''],
    [[[4, 4]], '4'],
    [[[4, 5]], '4,5'],
    [[[4, 6]], '4-6'],
    [
      [
        [0, 2],
        [5, 5],
        [7, 8],
      ],
      '0-2,5,7,8',
    ],
  ])('writes %j as %j', (set, expected) => {
    expect(formatIndexSet(set)).toBe(expected);
  });
});

describe('an index set', () => {
  const completions = 60;
  const indexes = fc.uniqueArray(fc.nat(completions - 1));
  const setOf = (members: readonly number[]): IndexSet => parseIndexSet(members.join(','), completions);
  const membersOf = (set: IndexSet): number[] => sliceIndexes(set, -1, completions);
  const ascending = (members: Iterable<number>): number[] => [...members].toSorted((left, right) => left - right);

  it('keeps its members through text and back', () => {
    fc.assert(
      fc.property(indexes, (members) => {
        const set = setOf(members);
        expect(parseIndexSet(formatIndexSet(set), completions)).toEqual(set);
        expect(membersOf(set)).toEqual(ascending(members));
        expect(countIndexes(set)).toBe(members.length);
      }),
    );
  });

  it('has exactly its members', () => {
    fc.assert(
      fc.property(indexes, fc.nat(completions), (members, index) => {
        expect(hasIndex(setOf(members), index)).toBe(members.includes(index));
      }),
    );
  });

  it('unites and differs as sets do', () => {
    fc.assert(
      fc.property(indexes, indexes, (left, right) => {
        expect(membersOf(unionIndexes(setOf(left), setOf(right)))).toEqual(ascending(new Set([...left, ...right])));
        expect(membersOf(differenceIndexes(setOf(left), setOf(right)))).toEqual(
          ascending(left.filter((index) => !right.includes(index))),
        );
      }),
    );
  });

  it('gives pages that follow each other without a gap', () => {
    fc.assert(
      fc.property(indexes, fc.integer({ min: 1, max: 7 }), (members, limit) => {
        const set = setOf(members);
        const all: number[] = [];
        for (let page = sliceIndexes(set, -1, limit); page.length > 0; page = sliceIndexes(set, all.at(-1)!, limit))
          all.push(...page);
        expect(all).toEqual(ascending(members));
      }),
    );
  });

  it('reads 50,000 alternating indexes in well under a second', () => {
    const text = Array.from({ length: 50_000 }, (_, at) => at * 2).join(',');
    const set = parseIndexSet(text, 100_000);
    expect(countIndexes(set)).toBe(50_000);
    expect(hasIndex(set, 99_998)).toBe(true);
    expect(hasIndex(set, 99_999)).toBe(false);
  });
});
