import type { JobRow, PodRow } from '@ccluster/db';
import { aJobSpec } from '@ccluster/testkit';
import { describe, expect, it, test } from 'vitest';
import { taskPage, type TaskPageRequest } from './list-tasks.js';
import { taskReason } from '../read/task-reason.js';

/** Of 100,000 tasks 0 to 2 have succeeded, 3 runs and the last attempt at 4 has failed. */
function aJob(ended: boolean): JobRow {
  return {
    id: 'job_1',
    spec: aJobSpec({ completions: 100_000 }),
    state: { phase: ended ? 'ENDED' : 'ARMED' },
    succeededIndexes: '0-2',
    runningIndexes: ended ? '' : '3',
    failedIndexes: '4',
    inherited: [] as JobRow['inherited'],
  } as JobRow;
}

const tasksOf = (job: JobRow, request: Partial<TaskPageRequest>) => {
  const page = taskPage(job, { status: null, first: 3, after: null, ...request });
  return { total: page.totalCount, tasks: page.edges.map(({ node }) => `${node.index} ${node.status}`) };
};

describe('taskPage', () => {
  test.each<[string, boolean, Partial<TaskPageRequest>, number, string[]]>([
    [
      'any',
      false,
      { first: 6 },
      100_000,
      ['0 SUCCEEDED', '1 SUCCEEDED', '2 SUCCEEDED', '3 RUNNING', '4 PENDING', '5 PENDING'],
    ],
    ['those that run', false, { status: 'RUNNING' }, 1, ['3 RUNNING']],
    [
      'those that wait, a retry included',
      false,
      { status: 'PENDING' },
      99_996,
      ['4 PENDING', '5 PENDING', '6 PENDING'],
    ],
    ['those that failed, while it runs', false, { status: 'FAILED' }, 0, []],
    [
      'any of an ended job',
      true,
      { first: 6 },
      100_000,
      ['0 SUCCEEDED', '1 SUCCEEDED', '2 SUCCEEDED', '3 CANCELLED', '4 FAILED', '5 CANCELLED'],
    ],
    ['those that failed', true, { status: 'FAILED' }, 1, ['4 FAILED']],
    ['none', false, { first: 0 }, 100_000, []],
  ])('gives %s', (_, ended, request, total, tasks) => {
    expect(tasksOf(aJob(ended), request)).toEqual({ total, tasks });
  });

  it('goes on after its cursor, also where the tasks have changed their status', () => {
    const first = taskPage(aJob(false), { status: 'PENDING', first: 1, after: null });
    expect(tasksOf(aJob(true), { after: first.pageInfo.endCursor, first: 2 }).tasks).toEqual([
      '5 CANCELLED',
      '6 CANCELLED',
    ]);
  });
});

describe('taskReason', () => {
  const since = '2026-01-01T00:00:00.000Z';
  const attempt = (status: PodRow['status'], code: string | null) =>
    ({ status, reason: code === null ? null : { code, message: code, since } }) as PodRow;

  test.each([
    ['is none before the first attempt', 'PENDING' as const, [], undefined],
    [
      'is that of the newest attempt',
      'PENDING' as const,
      [attempt('FAILED', 'OOM_KILLED'), attempt('FAILED', 'ERROR')],
      'ERROR',
    ],
    [
      'is none where the newest has none',
      'RUNNING' as const,
      [attempt('FAILED', 'ERROR'), attempt('RUNNING', null)],
      undefined,
    ],
    [
      'is that of the attempt that succeeded',
      'SUCCEEDED' as const,
      [attempt('SUCCEEDED', 'SUCCEEDED_AFTER_DISRUPTION'), attempt('FAILED', 'ERROR')],
      'SUCCEEDED_AFTER_DISRUPTION',
    ],
  ])('%s', (_, status, attempts, code) => {
    expect(taskReason(status, attempts)?.code).toBe(code);
  });
});
