import { describe, expect, it } from 'vitest';
import { parseJobPage, parseSeenJob } from './seen-kubernetes-job.js';

const ownership = { installation: 'test', clusterId: 'cl_1' };
const labels = { 'ccluster.io/installation': 'test', 'ccluster.io/cluster': 'cl_1', 'ccluster.io/job-id': 'job_1' };

function aKubernetesJob(metadata: object = {}, spec: object = { suspend: true }) {
  return {
    metadata: {
      name: 'a',
      namespace: 'jobs',
      uid: 'u',
      resourceVersion: '7',
      labels,
      annotations: { 'ccluster.io/epoch': '4', 'ccluster.io/intent': '2' },
      ...metadata,
    },
    spec,
  };
}

const seen = {
  namespace: 'jobs',
  name: 'a',
  uid: 'u',
  resourceVersion: '7',
  jobId: 'job_1',
  clusterId: 'cl_1',
  epoch: 4,
  intent: 2,
  suspended: true,
  deleting: false,
};

describe('parseSeenJob', () => {
  it.each([
    ['ours', aKubernetesJob(), seen],
    ['released', aKubernetesJob({}, { suspend: false }), { ...seen, suspended: false }],
    ['being deleted', aKubernetesJob({ deletionTimestamp: '2026-01-01T00:00:00Z' }), { ...seen, deleting: true }],
    [
      'of another installation',
      aKubernetesJob({ labels: { ...labels, 'ccluster.io/installation': 'x' } }),
      { ...seen, jobId: null, clusterId: null },
    ],
    [
      'for another cluster',
      aKubernetesJob({ labels: { ...labels, 'ccluster.io/cluster': 'x' } }),
      { ...seen, jobId: null, clusterId: 'x' },
    ],
    [
      'of somebody else',
      aKubernetesJob({ labels: undefined, annotations: undefined }, {}),
      { ...seen, jobId: null, clusterId: null, epoch: 0, intent: 0, suspended: false },
    ],
    [
      'edited by somebody',
      aKubernetesJob({ annotations: { 'ccluster.io/epoch': '-1', 'ccluster.io/intent': 'x' } }),
      { ...seen, epoch: 0, intent: 0 },
    ],
  ])('reads one %s', (_, unsafeJob, expected) => {
    expect(parseSeenJob(unsafeJob, ownership)).toEqual(expected);
  });

  it.each([
    ['a uid without end', { uid: 'u'.repeat(300) }],
    ['a name without end', { name: 'n'.repeat(300) }],
  ])('refuses %s', (_, metadata) => {
    expect(() => parseSeenJob(aKubernetesJob(metadata), ownership)).toThrow('253');
  });

  it.each(['x'.repeat(64), 'a\0b', "'; drop table jobs"])('takes the label %j for none', (value) => {
    const unsafeJob = aKubernetesJob({ labels: { ...labels, 'ccluster.io/job-id': value } });
    expect(parseSeenJob(unsafeJob, ownership)).toEqual({ ...seen, jobId: null });
  });

  it('refuses what is no Kubernetes Job', () => {
    expect(() => parseSeenJob({ kind: 'Status' }, ownership)).toThrow('metadata');
  });
});

describe('parseJobPage', () => {
  it('gives the token of the next page, empty on the last', () => {
    const page = { metadata: { continue: 'abc' }, items: [aKubernetesJob()] };
    expect(parseJobPage(page, ownership)).toEqual({ jobs: [seen], next: 'abc' });
    expect(parseJobPage({ metadata: {}, items: [] }, ownership)).toEqual({ jobs: [], next: '' });
  });
});
