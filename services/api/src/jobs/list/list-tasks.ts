import type { JobRow } from '@ccluster/db';
import {
  countIndexes,
  originsOf,
  parseIndexSet,
  sliceIndexes,
  tasksWithStatus,
  taskStatus,
  type TaskProgress,
  type TaskStatus,
} from '@ccluster/domain';
import { z } from 'zod';
import { cursorForm } from '../../graphql/cursor.js';
import { checkPageSize, forwardPage } from '../../graphql/page.js';
import type { TaskConnection } from '../read/task.type.js';

const taskCursor = cursorForm('tasks', z.strictObject({ index: z.int().min(0) }));

export interface TaskPageRequest {
  /** null: any. */
  readonly status: TaskStatus | null;
  readonly first: number;
  readonly after: string | null;
}

/** A page of a job's tasks by index. Needs no query: the job's row says where all its tasks are. */
export function taskPage(job: JobRow, { status, first, after }: TaskPageRequest): TaskConnection {
  checkPageSize('first', first);
  const { completions } = job.spec;
  const progress = progressOf(job);
  const ended = job.state.phase === 'ENDED';
  const indexes = status === null ? allIndexes(completions) : tasksWithStatus(progress, completions, status, ended);
  const originOf = originsOf(job.inherited, completions);
  const afterIndex = after === null ? -1 : taskCursor.parse(job.id, after).index;
  const page = forwardPage(sliceIndexes(indexes, afterIndex, first + 1), { first, after }, (index) => ({
    cursor: taskCursor.format(job.id, { index }),
    node: { jobId: job.id, originId: originOf(index), index, status: taskStatus(progress, index, ended) },
  }));
  return { ...page, totalCount: countIndexes(indexes) };
}

function allIndexes(completions: number) {
  return [[0, completions - 1]] as const;
}

function progressOf(job: JobRow): TaskProgress {
  const { completions } = job.spec;
  return {
    succeeded: parseIndexSet(job.succeededIndexes, completions),
    running: parseIndexSet(job.runningIndexes, completions),
    failed: parseIndexSet(job.failedIndexes, completions),
  };
}
