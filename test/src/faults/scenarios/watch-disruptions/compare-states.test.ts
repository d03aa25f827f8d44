import type { V1Job, V1Pod } from '@kubernetes/client-node';
import { expect, it } from 'vitest';

import { compareStates, type ShownJob, type ShownPod } from './compare-states.js';

function pod(phase: string, exitCode?: number): V1Pod {
  const state = exitCode === undefined ? { running: {} } : { terminated: { exitCode } };
  const container = { name: 'main', image: '', imageID: '', ready: false, restartCount: 0, state };
  return { metadata: { uid: 'p' }, status: { phase, containerStatuses: [container] } };
}

function job(succeeded: number, condition?: string): V1Job {
  const conditions = condition === undefined ? [] : [{ type: condition, status: 'True' }];
  return { metadata: { uid: 'k', labels: { 'ccluster.io/job-id': 'job_1' } }, status: { succeeded, conditions } };
}

const shownPod = (status: ShownPod['status'], exitCode: number | null = null): ShownPod => ({
  uid: 'p',
  status,
  exitCode,
});
const shownJob = (status: ShownJob['status'], succeeded: number): ShownJob => ({
  id: 'job_1',
  kubernetesUid: 'k',
  status,
  succeeded,
});

it.each<[what: string, there: V1Pod[], shown: ShownPod[], differences: string[]]>([
  ['a success', [pod('Succeeded', 0)], [shownPod('SUCCEEDED', 0)], []],
  ['a failure', [pod('Failed', 3)], [shownPod('FAILED', 3)], []],
  ['one that runs', [pod('Running')], [shownPod('RUNNING')], []],
  ['one that is gone', [], [shownPod('SUCCEEDED', 0)], []],
  ['one that was lost', [], [shownPod('LOST')], []],
  ['one that is not shown', [pod('Running')], [], ['is in the cluster and not shown']],
  ['one that is shown to run for ever', [], [shownPod('RUNNING')], ['is shown RUNNING and not in the cluster']],
  [
    'one whose end was missed',
    [pod('Succeeded', 0)],
    [shownPod('RUNNING')],
    ['is Succeeded in the cluster and shown RUNNING'],
  ],
  ['a wrong end', [pod('Succeeded', 0)], [shownPod('FAILED', 0)], ['is Succeeded in the cluster and shown FAILED']],
  ['an end that is not one', [pod('Running')], [shownPod('LOST')], ['is Running in the cluster and shown LOST']],
  [
    'a wrong exit code',
    [pod('Failed', 3)],
    [shownPod('FAILED', 1)],
    ['exited with 3 in the cluster and is shown with 1'],
  ],
])('compares pods: %s', (_, pods, shown, differences) => {
  const found = compareStates({ kubernetesJobs: [], pods }, { jobs: [], pods: shown });
  expect(found.map(({ what }) => what)).toEqual(differences);
});

it.each<[what: string, there: V1Job[], shown: ShownJob[], differences: string[]]>([
  ['a success', [job(3, 'Complete')], [shownJob('SUCCEEDED', 3)], []],
  ['a failure', [job(1, 'Failed')], [shownJob('FAILED', 1)], []],
  ['one that runs', [job(1)], [shownJob('RUNNING', 1)], []],
  ['one that was cancelled and has gone', [], [shownJob('CANCELLED', 1)], []],
  ['one that was cancelled and is there', [job(2)], [shownJob('CANCELLED', 1)], []],
  ['one that is not shown', [job(1)], [], ['is in the cluster and not shown there']],
  ['one that has gone', [], [shownJob('RUNNING', 1)], ['is shown RUNNING and not in the cluster']],
  ['a missed task', [job(2)], [shownJob('RUNNING', 1)], ['has 2 tasks done in the cluster and 1 shown']],
  [
    'a missed end',
    [job(3, 'Complete')],
    [shownJob('FINISHING', 3)],
    ['is SUCCEEDED in the cluster and shown FINISHING'],
  ],
  ['a wrong end', [job(1, 'Failed')], [shownJob('SUCCEEDED', 1)], ['is FAILED in the cluster and shown SUCCEEDED']],
  ['an end that is not one', [job(3)], [shownJob('FAILED', 3)], ['is not over in the cluster and shown FAILED']],
])('compares jobs: %s', (_, kubernetesJobs, shown, differences) => {
  const found = compareStates({ kubernetesJobs, pods: [] }, { jobs: shown, pods: [] });
  expect(found.map(({ what }) => what)).toEqual(differences);
});
