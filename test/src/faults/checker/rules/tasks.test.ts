import { parseIndexSet } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { evidenceOf, getJob, seconds, type Story } from '../testing/story.js';
import { checkTasks } from './tasks.js';

const none = { pending: 0, running: 0, succeeded: 0, failed: 0, cancelled: 0 };

function setStatus(story: Story, id: string, completedIndexes: string | null): void {
  const record = story.kubernetesJobs.find(({ jobId }) => jobId === id);
  if (record !== undefined) record.status = completedIndexes === null ? null : { completedIndexes, verdict: 'Failed' };
}

describe('that tasks are what Kubernetes says', () => {
  it.each<Planted>([
    [
      'counts that are not all tasks',
      (story) => void (getJob(story, 'bad').counts = { ...none, succeeded: 1 }),
      ['P6 tasks', 'bad', 'counts 1 of 2 tasks'],
    ],
    [
      'a task that is RUNNING when its job has ended',
      (story) => void (getJob(story, 'bad').counts = { ...none, succeeded: 1, running: 1 }),
      ['P6 tasks', 'bad', 'is FAILED with 0 tasks PENDING and 1 RUNNING'],
    ],
    [
      'a job that SUCCEEDED without a task',
      (story) => {
        Object.assign(getJob(story, 'good'), {
          succeeded: parseIndexSet('0', 2),
          counts: { ...none, succeeded: 1, failed: 1 },
        });
      },
      ['P6 tasks', 'good', 'is SUCCEEDED with 1 of 2 tasks'],
    ],
    [
      'a task that is counted and not there',
      (story) => void (getJob(story, 'bad').succeeded = []),
      ['P6 tasks', 'bad', 'counts 1 tasks as SUCCEEDED, and has '],
    ],
    [
      'a task that Kubernetes does not have',
      (story) => setStatus(story, 'bad', ''),
      ['P6 tasks', 'bad', 'has 0 as SUCCEEDED, which Kubernetes has not'],
    ],
    [
      'a task that only Kubernetes has',
      (story) => setStatus(story, 'bad', '0,1'),
      ['P6 tasks', 'bad', 'lacks 1 of 2 tasks, which Kubernetes has as completed'],
    ],
    [
      'a task of which no pod succeeded, where Kubernetes is not known to have said',
      (story) => {
        setStatus(story, 'bad', null);
        for (const pod of story.pods) if (pod.jobId === 'bad') pod.exitCode = 1;
      },
      ['P6 tasks', 'bad', 'has 0 as SUCCEEDED, of which no pod exited with 0'],
    ],
    [
      'a success that is taken back',
      (story) => {
        const seen = { op: 'SAW_JOB', jobId: 'good', status: 'RUNNING' } as const;
        story.history.push([12, { ...seen, counts: { ...none, succeeded: 1, running: 1 }, askedAt: seconds(11) }]);
        story.history.push([14, { ...seen, counts: { ...none, running: 2 }, askedAt: seconds(13) }]);
      },
      ['P6 tasks', 'good', 'was seen with 1 tasks SUCCEEDED, and then with 0'],
    ],
    [
      'counts that somebody saw and that are not all tasks',
      (story) => story.history.push([5, { op: 'SAW_JOB', jobId: 'good', status: 'RUNNING', counts: none }]),
      ['P6 tasks', 'good', 'was seen when it counts 0 of 2 tasks'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkTasks, planted);
  });

  it('a task that Kubernetes counted when nobody could look any more is no fault, nor is an older answer', () => {
    const story = cleanStory();
    setStatus(story, 'bad', '0,1');
    getJob(story, 'bad').reasonCode = 'KUBERNETES_JOB_GONE';
    const counts = { ...none, running: 1, pending: 1 };
    story.history.push([42, { op: 'SAW_JOB', jobId: 'good', status: 'RUNNING', counts, askedAt: seconds(15) }]);
    expect(checkTasks(evidenceOf(story))).toEqual([]);
  });
});
