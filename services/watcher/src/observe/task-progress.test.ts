import { expect, it } from 'vitest';
import { anObservedPod, because } from '../testing/observed.js';
import { taskProgress } from './task-progress.js';

const pod = (uid: string, index: number, overrides: Parameters<typeof anObservedPod>[0] = {}) =>
  anObservedPod({ uid, index, ...overrides });
const failed = { status: 'FAILED', reason: because('EXIT_CODE') } as const;
const second = { createdAt: new Date('2026-01-01T00:01:00Z') };

it.each([
  ['runs', [pod('a', 0)], { running: [[0, 0]], failed: [] }],
  ['waits', [pod('a', 0, { status: 'PENDING' })], { running: [], failed: [] }],
  ['failed by itself', [pod('a', 0, failed)], { running: [], failed: [[0, 0]] }],
  ['ran out of memory', [pod('a', 0, { ...failed, reason: because('OOM_KILLED') })], { running: [], failed: [[0, 0]] }],
  ['was stopped', [pod('a', 0, { ...failed, reason: because('STOPPED') })], { running: [], failed: [] }],
  ['was evicted', [pod('a', 0, { ...failed, reason: because('EVICTED') })], { running: [], failed: [] }],
  ['was lost', [pod('a', 0, { status: 'LOST' })], { running: [], failed: [] }],
  ['failed and runs again', [pod('a', 0, failed), pod('b', 0, second)], { running: [[0, 0]], failed: [] }],
  [
    'failed and waits again',
    [pod('b', 0, { ...second, status: 'PENDING' }), pod('a', 0, failed)],
    { running: [], failed: [] },
  ],
  [
    'failed beside one that runs',
    [pod('a', 0), pod('b', 0, { ...failed, ...second })],
    { running: [[0, 0]], failed: [] },
  ],
] as const)('a task whose attempt %s', (_, attempts, expected) => {
  expect(taskProgress(attempts, [])).toEqual({ succeeded: [], ...expected });
});

it('success is what Kubernetes counted, whatever the pods say', () => {
  const attempts = [pod('a', 0, { status: 'SUCCEEDED' }), pod('b', 1), pod('c', 2)];
  expect(taskProgress(attempts, [[5, 5]])).toEqual({ succeeded: [[5, 5]], running: [[1, 2]], failed: [] });
});
