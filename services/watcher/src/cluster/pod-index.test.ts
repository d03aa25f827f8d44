import { expect, it } from 'vitest';
import { aPod, terminated, withContainer, type RawPodParts } from '../testing/raw-objects.js';
import { PodIndex } from './pod-index.js';

const running = aPod({ status: withContainer('Running', { running: {} }) });
const failed = aPod({ status: withContainer('Failed', terminated(1, 'Error')) });
const foreign = aPod({ metadata: { uid: 'foreign', labels: {} } } satisfies RawPodParts);
const change = (item: typeof running | undefined, previous: typeof running | undefined) => ({
  key: 'jobs/train-3-abcde',
  uid: 'pod-uid',
  ...(item === undefined ? {} : { item }),
  ...(previous === undefined ? {} : { previous }),
});

it('finds attempts by job, by uid and by node, and tells whose changed', () => {
  const index = new PodIndex();
  expect(index.apply([change(running, undefined), change(foreign, undefined)])).toEqual(new Set(['job_1']));
  expect([...index.podsOf('job_1').values()]).toEqual([running.attempt]);
  expect(index.find('pod-uid')).toBe(running.attempt);
  expect(index.jobsOnNode('node-1')).toEqual(new Set(['job_1']));
  index.apply([change(failed, running)]);
  expect(index.find('pod-uid')).toBe(failed.attempt);
});

it('knows whether the start of a container was seen', () => {
  const waiting = aPod({ status: withContainer('Pending', { waiting: { reason: 'ContainerCreating' } }) });
  const index = new PodIndex();
  index.apply([change(running, undefined)]);
  expect(index.wasSeenWaiting('pod-uid')).toBe(false);
  index.apply([change(waiting, undefined), change(running, waiting), change(failed, running)]);
  expect(index.wasSeenWaiting('pod-uid')).toBe(true);
  index.apply([change(undefined, failed)]);
  expect(index.wasSeenWaiting('pod-uid')).toBe(false);
});

it('keeps the result of a pod that is removed, and nothing of one that had none', () => {
  const index = new PodIndex();
  index.apply([change(running, undefined), change(failed, running), change(undefined, failed)]);
  expect(index.find('pod-uid')).toBeUndefined();
  expect([...index.podsOf('job_1')]).toEqual([]);
  expect(index.departedOf('job_1')).toEqual([failed.attempt]);

  const other = new PodIndex();
  other.apply([change(running, undefined), change(undefined, running)]);
  expect(other.departedOf('job_1')).toEqual([]);
});

it('keeps a bounded number of results, the newest ones', () => {
  const index = new PodIndex();
  for (let i = 0; i < 10_001; i += 1) {
    const metadata = { uid: `uid-${i}`, labels: { ...labelsOf(`job_${i}`) } };
    const pod = aPod({ metadata, status: withContainer('Failed', terminated(1, 'Error')) });
    index.apply([change(pod, undefined), change(undefined, pod)]);
  }
  expect(index.departedOf('job_0')).toEqual([]);
  expect(index.departedOf('job_1')).toHaveLength(1);
  expect(index.departedOf('job_10000')).toHaveLength(1);
});

function labelsOf(jobId: string): Record<string, string> {
  return { 'ccluster.io/installation': 'test', 'ccluster.io/cluster': 'cl_1', 'ccluster.io/job-id': jobId };
}
