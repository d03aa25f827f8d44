import { expect, it } from 'vitest';
import { findTaskByPodName, kubernetesJobName, namespaceFor } from './kubernetes-names.js';

const jobId = 'job_01m8a5cvq80qkcnbmt7v1fn3v6';
const name = kubernetesJobName('train-7', jobId);

it.each([
  [`${name}-0-lz89m`, { jobId, index: 0 }],
  [`${name}-99999-abcde`, { jobId, index: 99_999 }],
  [name, undefined],
  [`${name}-lz89m`, undefined],
  [`${name}-x-lz89m`, undefined],
  ['train-7-0-lz89m', undefined],
  ['', undefined],
])('the pod %s is an attempt of %o', (podName, task) => {
  expect(findTaskByPodName(podName)).toEqual(task);
});

it.each([
  ['jobs', 'jobs'],
  ['ccluster-{organization}', 'ccluster-01ab'],
])('%s is the namespace %s of an organization', (template, namespace) => {
  expect(namespaceFor(template, 'org_01ab')).toBe(namespace);
});
