import type { PodRow } from '@ccluster/db';
import { expect, it } from 'vitest';
import { anObservedPod } from '../testing/observed.js';
import { memoryOf, rememberComplete, rememberRows } from './job-memory.js';

const row: PodRow = {
  ...anObservedPod({ uid: 'pod-uid', name: 'train-0' }),
  id: 'pod_1',
  jobId: 'job_1',
  clusterId: 'cl_1',
  attempt: 1,
  logComplete: false,
  reason: null,
};

it('a log that is complete stays so, whatever a row says that was read before', () => {
  const memory = memoryOf([row]);
  expect([...memory.openLogs]).toEqual([['pod-uid', { podId: 'pod_1', name: 'train-0' }]]);
  rememberComplete(memory, 'pod-uid');
  rememberRows(memory, [row]);
  expect(memory.openLogs.size).toBe(0);
});
