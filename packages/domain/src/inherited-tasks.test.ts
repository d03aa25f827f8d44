import { describe, expect, it } from 'vitest';
import { formatIndexSet, parseIndexSet } from './index-set.js';
import { inheritedIndexes, inheritTasks, originsOf, type InheritedTasks } from './inherited-tasks.js';

const completions = 10;

describe('a re-run of what failed inherits', () => {
  const inherit = (succeeded: string, inherited: readonly InheritedTasks[] = []) =>
    inheritTasks({ id: 'job_b', completions, succeeded: parseIndexSet(succeeded, completions), inherited });

  it.each([
    { what: 'nothing where nothing succeeded', succeeded: '', inherited: [], expected: [] },
    {
      what: 'what succeeded',
      succeeded: '0-2,7',
      inherited: [],
      expected: [{ jobId: 'job_b', indexes: '0-2,7' }],
    },
    {
      what: 'what was inherited already, of the job in which it ran',
      succeeded: '0-4,7',
      inherited: [{ jobId: 'job_a', indexes: '0,1,7' }],
      expected: [
        { jobId: 'job_a', indexes: '0,1,7' },
        { jobId: 'job_b', indexes: '2-4' },
      ],
    },
    {
      what: 'nothing of a job that added nothing',
      succeeded: '0,1',
      inherited: [{ jobId: 'job_a', indexes: '0,1' }],
      expected: [{ jobId: 'job_a', indexes: '0,1' }],
    },
  ])('$what', ({ succeeded, inherited, expected }) => {
    expect(inherit(succeeded, inherited)).toEqual(expected);
  });
});

describe('inherited tasks', () => {
  const inherited = [
    { jobId: 'job_a', indexes: '0,1,7' },
    { jobId: 'job_b', indexes: '2-4' },
  ];

  it('are one set of indexes', () => {
    expect(formatIndexSet(inheritedIndexes(inherited, completions))).toBe('0-4,7');
  });

  it('name the job in which each index ran', () => {
    const origin = originsOf(inherited, completions);
    expect([0, 1, 2, 4, 5, 7].map(origin)).toEqual(['job_a', 'job_a', 'job_b', 'job_b', null, 'job_a']);
  });
});
