import { expect, it } from 'vitest';
import { aKubernetesJob } from '../testing/raw-objects.js';
import { JobIndex } from './job-index.js';

const first = aKubernetesJob();
const second = aKubernetesJob({ metadata: { uid: 'second' } });

it('finds the Kubernetes Job of a job, and the job of a Kubernetes Job', () => {
  const index = new JobIndex();
  expect(index.apply([{ key: 'jobs/train-1', uid: first.uid, item: first }])).toEqual(new Set(['job_1']));
  expect(index.find('job_1')).toBe(first);
  expect(index.jobIdOf('job-uid')).toBe('job_1');
  expect(index.apply([{ key: 'jobs/train-1', uid: first.uid, previous: first }])).toEqual(new Set(['job_1']));
  expect(index.find('job_1')).toBeUndefined();
  expect(index.jobIdOf('job-uid')).toBeUndefined();
});

it('is not confused by a successor that is seen before its predecessor goes', () => {
  const index = new JobIndex();
  index.apply([{ key: 'jobs/a', uid: first.uid, item: first }]);
  index.apply([{ key: 'jobs/b', uid: second.uid, item: second }]);
  index.apply([{ key: 'jobs/a', uid: first.uid, previous: first }]);
  expect(index.find('job_1')).toBe(second);
});
