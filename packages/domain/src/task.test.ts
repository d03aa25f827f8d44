import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { hasIndex, parseIndexSet, type IndexSet } from './index-set.js';
import {
  countTasks,
  noProgress,
  taskStatus,
  tasksWithStatus,
  withProgress,
  type TaskProgress,
  type TaskStatus,
} from './task.js';

const COMPLETIONS = 10;
const statuses: readonly TaskStatus[] = ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'];

function progress(succeeded: string, running: string, failed: string): TaskProgress {
  const [ok, now, bad] = [succeeded, running, failed].map((text) => parseIndexSet(text, COMPLETIONS));
  return { succeeded: ok ?? [], running: now ?? [], failed: bad ?? [] };
}

describe('withProgress', () => {
  test.each<[string, TaskProgress, TaskProgress, TaskProgress]>([
    ['takes what is seen first', noProgress, progress('0', '1-2', '3'), progress('0', '1-2', '3')],
    ['adds what succeeded', progress('0-1', '', ''), progress('2', '', ''), progress('0-2', '', '')],
    ['keeps success that is no longer seen', progress('0-4', '', ''), noProgress, progress('0-4', '', '')],
    ['forgets what no longer runs', progress('', '0-4', ''), progress('', '4', ''), progress('', '4', '')],
    ['forgets a failure that is tried again', progress('', '', '3'), progress('', '3', ''), progress('', '3', '')],
    ['takes success before running', progress('3', '', ''), progress('', '3', ''), progress('3', '', '')],
    ['takes success before failure', noProgress, progress('3', '', '3'), progress('3', '', '')],
    ['takes running before failure', noProgress, progress('', '3', '3'), progress('', '3', '')],
  ])('%s', (_, known, seen, merged) => {
    expect(withProgress(known, seen)).toEqual(merged);
  });
});

describe('taskStatus', () => {
  test.each<[TaskStatus, TaskProgress, boolean]>([
    ['PENDING', noProgress, false],
    ['RUNNING', progress('', '3', ''), false],
    ['SUCCEEDED', progress('3', '', ''), false],
    ['PENDING', progress('', '', '3'), false],
    ['SUCCEEDED', progress('3', '', ''), true],
    ['FAILED', progress('', '', '3'), true],
    ['CANCELLED', progress('', '3', ''), true],
    ['CANCELLED', noProgress, true],
  ])('is %s for %o, job ended: %s', (status, known, jobEnded) => {
    expect(taskStatus(known, 3, jobEnded)).toBe(status);
  });
});

describe('any progress', () => {
  const indexes = fc
    .uniqueArray(fc.nat(COMPLETIONS - 1))
    .map((list) => parseIndexSet(list.join(','), COMPLETIONS) satisfies IndexSet);
  const seen = fc
    .record({ succeeded: indexes, running: indexes, failed: indexes })
    .map((raw) => withProgress(noProgress, raw));

  it('gives each task the status whose set it is in, and no other', () => {
    fc.assert(
      fc.property(seen, fc.boolean(), (known, jobEnded) => {
        for (let index = 0; index < COMPLETIONS; index += 1) {
          const found = statuses.filter((status) =>
            hasIndex(tasksWithStatus(known, COMPLETIONS, status, jobEnded), index),
          );
          expect(found).toEqual([taskStatus(known, index, jobEnded)]);
        }
      }),
    );
  });

  it('has counts that sum to the completions, and none pending or running after the end', () => {
    fc.assert(
      fc.property(seen, (known) => {
        const [open, ended] = [false, true].map((jobEnded) => countTasks(known, COMPLETIONS, jobEnded));
        for (const counts of [open!, ended!])
          expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(COMPLETIONS);
        expect(open).toMatchObject({ failed: 0, cancelled: 0 });
        expect(ended).toMatchObject({ pending: 0, running: 0, succeeded: open?.succeeded });
      }),
    );
  });

  it('never takes success back, and is the same when seen twice', () => {
    fc.assert(
      fc.property(seen, seen, (known, next) => {
        const merged = withProgress(known, next);
        expect(withProgress(merged, next)).toEqual(merged);
        for (let index = 0; index < COMPLETIONS; index += 1)
          expect(hasIndex(merged.succeeded, index) || !hasIndex(known.succeeded, index)).toBe(true);
      }),
    );
  });
});
