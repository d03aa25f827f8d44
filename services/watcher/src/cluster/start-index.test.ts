import { expect, it } from 'vitest';
import type { AttemptStart, KubernetesEvent } from '../objects/kubernetes-event.js';
import { StartIndex } from './start-index.js';

const start: AttemptStart = { jobId: 'job_1', index: 0, uid: 'u1', name: 'train-0', at: new Date(0) };
const eventOf = (of: AttemptStart | null): KubernetesEvent => ({
  subjectUid: 'u1',
  reason: 'Started',
  message: '',
  atMs: 0,
  start: of,
});
const change = { key: 'jobs/e1', uid: 'e1' };

it('knows the starts of a job until the cluster forgets them', () => {
  const index = new StartIndex();
  expect(index.apply([{ ...change, item: eventOf(null) }])).toEqual(new Set());
  expect(index.apply([{ ...change, item: eventOf(start) }])).toEqual(new Set(['job_1']));
  expect([...index.startsOf('job_1').values()]).toEqual([start]);
  expect(index.apply([{ ...change, previous: eventOf(start) }])).toEqual(new Set());
  expect(index.startsOf('job_1').size).toBe(0);
});
