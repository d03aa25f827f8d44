import { describe, expect, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { addRow, evidenceOf, getJob, seconds, type Story } from '../testing/story.js';
import { checkEndOrReason } from './end-or-reason.js';

function addRunningPod(story: Story, jobId: string): void {
  const object = { kind: 'Pod', name: 'p', uid: 'p', kubernetesJobUid: null, createdAt: seconds(0) } as const;
  story.live.push({
    ...object,
    cluster: 'east',
    clusterId: 'cl_east',
    jobId,
    deletingSince: null,
    isRunningPod: true,
  });
}

describe('that a job ends or says what it waits for', () => {
  it.each<Planted>([
    [
      'one that waits and does not say for what',
      (story) => void (getJob(story, 'waits').reasonCode = null),
      ['I3', 'waits', 'is QUEUED without a reason'],
    ],
    [
      'one that is RUNNING without a pod',
      (story) => addRow(story, 'runs', 'RUNNING', { reasonCode: null }),
      ['I3', 'runs', 'no pod of it runs'],
    ],
    [
      'one that FAILED and does not say why',
      (story) => void (getJob(story, 'bad').reasonCode = null),
      ['P5 end or reason', 'bad', 'FAILED without a reason'],
    ],
    [
      'one that SUCCEEDED though Kubernetes says Failed',
      (story) => {
        const record = story.kubernetesJobs.find(({ jobId }) => jobId === 'good');
        if (record !== undefined) record.status = { completedIndexes: '0', verdict: 'Failed' };
      },
      ['P5 end or reason', 'good', 'SUCCEEDED, but Kubernetes says Failed'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkEndOrReason, planted);
  });

  it('one that runs need not say what it waits for', () => {
    const story = cleanStory();
    addRow(story, 'runs', 'RUNNING', { reasonCode: null });
    addRunningPod(story, 'runs');
    expect(checkEndOrReason(evidenceOf(story))).toEqual([]);
  });
});
