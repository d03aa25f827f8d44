import { parseIndexSet } from '@ccluster/domain';

import { addAttempt, addEvents, addJob, addKubernetesJob, addRow, getJob, seconds, type Story } from './story.js';

const BEGINNING = [
  ['CREATED', 'QUEUED'],
  ['PLACED', 'QUEUED'],
  ['DISPATCHED', 'STARTING'],
] as const;

/**
 * A story in which every promise is kept: jobs that succeed, are cancelled before and after their release, are suspended
 * before and after it, fail, run again only what failed, and one that waits.
 */
export function cleanStory(): Story {
  const story: Story = {
    history: [],
    jobs: new Map(),
    requests: new Map(),
    kubernetesJobs: [],
    pods: [],
    live: [],
  };
  addSucceeded(story);
  addCancelledBefore(story);
  addCancelledAfter(story);
  addSuspended(story);
  addFailed(story);
  addRerun(story);
  addJob(story, 'waits', 'QUEUED', { phase: 'QUEUED', clusterId: null, kubernetesUid: null });
  addEvents(story, 'waits', 1, [['CREATED', 'QUEUED']]);
  return story;
}

function addSucceeded(story: Story): void {
  addJob(story, 'good', 'SUCCEEDED');
  story.history.push([1, { op: 'REQUEST_REPLAYED', requestId: 'r-good', jobId: 'good' }]);
  addKubernetesJob(story, 'good', { status: { completedIndexes: '0,1', verdict: 'Complete' } });
  addAttempt(story, 'good', 0, [3, 20]);
  addAttempt(story, 'good', 1, [3, 20]);
  const counts = { pending: 1, running: 1, succeeded: 0, failed: 0, cancelled: 0 };
  story.history.push([10, { op: 'SAW_JOB', jobId: 'good', status: 'RUNNING', counts, askedAt: seconds(9) }]);
  addEvents(story, 'good', 30, [...BEGINNING, ['STATUS_CHANGED', 'RUNNING'], ['FINISHED', 'SUCCEEDED']]);
  story.history.push([30, { op: 'LINES_COMPLETED', subscriber: 'all', jobId: 'good' }]);
  const { counts: after } = getJob(story, 'good');
  story.history.push([40, { op: 'SAW_JOB', jobId: 'good', status: 'SUCCEEDED', counts: after, askedAt: seconds(39) }]);
  // Read from an older answer: it was asked for before the end was given.
  story.history.push([41, { op: 'SAW_JOB', jobId: 'good', status: 'RUNNING', askedAt: seconds(29) }]);
}

function addCancelledBefore(story: Story): void {
  addJob(story, 'unborn', 'CANCELLED', { clusterId: null, kubernetesUid: null });
  story.history.push([1, { op: 'CANCEL_ANSWERED', jobId: 'unborn', status: 'CANCELLED', askedAt: seconds(0.9) }]);
  addEvents(story, 'unborn', 2, [
    ['CREATED', 'QUEUED'],
    ['CANCEL_REQUESTED', 'CANCELLED'],
    ['FINISHED', 'CANCELLED'],
  ]);
}

function addCancelledAfter(story: Story): void {
  addJob(story, 'stopped', 'CANCELLED');
  addKubernetesJob(story, 'stopped');
  addAttempt(story, 'stopped', 0, [3, 20], { status: 'FAILED' });
  story.history.push([10, { op: 'CANCEL_ANSWERED', jobId: 'stopped', status: 'CANCELLING', askedAt: seconds(9) }]);
  addEvents(story, 'stopped', 25, [...BEGINNING, ['CANCEL_REQUESTED', 'CANCELLING'], ['FINISHED', 'CANCELLED']]);
  story.history.push([25, { op: 'LINES_COMPLETED', subscriber: 'all', jobId: 'stopped' }]);
}

function addSuspended(story: Story): void {
  addJob(story, 'paused', 'SUCCEEDED', { completions: 1 });
  story.history.push([0.5, { op: 'SUSPEND_ANSWERED', jobId: 'paused', status: 'SUSPENDED', askedAt: seconds(0.4) }]);
  story.history.push([1.5, { op: 'RESUME_ANSWERED', jobId: 'paused', status: 'QUEUED', askedAt: seconds(1) }]);
  addKubernetesJob(story, 'paused', { status: { completedIndexes: '0', verdict: 'Complete' } });
  addAttempt(story, 'paused', 0, [3, 20], { status: 'FAILED' });
  story.history.push([12, { op: 'SUSPEND_ANSWERED', jobId: 'paused', status: 'RUNNING', askedAt: seconds(11) }]);
  story.history.push([25, { op: 'SAW_JOB', jobId: 'paused', status: 'SUSPENDED', askedAt: seconds(24) }]);
  story.history.push([41, { op: 'RESUME_ANSWERED', jobId: 'paused', status: 'STARTING', askedAt: seconds(40) }]);
  addAttempt(story, 'paused', 0, [42, 60]);
  addEvents(story, 'paused', 62, [...BEGINNING, ['FINISHED', 'SUCCEEDED']]);
  story.history.push([62, { op: 'LINES_COMPLETED', subscriber: 'all', jobId: 'paused' }]);
}

function addFailed(story: Story): void {
  const counts = { pending: 0, running: 0, succeeded: 1, failed: 1, cancelled: 0 };
  addJob(story, 'bad', 'FAILED', { succeeded: parseIndexSet('0', 2), counts });
  addKubernetesJob(story, 'bad', { status: { completedIndexes: '0', verdict: 'Failed' } });
  addAttempt(story, 'bad', 0, [3, 20]);
  addAttempt(story, 'bad', 1, [3, 20], { status: 'FAILED' });
  addEvents(story, 'bad', 25, [...BEGINNING, ['FINISHED', 'FAILED']]);
  story.history.push([25, { op: 'LINES_COMPLETED', subscriber: 'all', jobId: 'bad' }]);
}

function addRerun(story: Story): void {
  addRow(story, 'again', 'SUCCEEDED', { rerunOf: 'bad', inherited: parseIndexSet('0', 2) });
  story.history.push([50, { op: 'RERUN_ANSWERED', jobId: 'again', rerunOf: 'bad', onlyFailed: true }]);
  addKubernetesJob(story, 'again', { status: { completedIndexes: '0,1', verdict: 'Complete' } });
  addAttempt(story, 'again', 1, [53, 60]);
  addEvents(story, 'again', 62, [...BEGINNING, ['FINISHED', 'SUCCEEDED']]);
  story.history.push([62, { op: 'LINES_COMPLETED', subscriber: 'all', jobId: 'again' }]);
}
