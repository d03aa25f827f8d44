import { describe, expect, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { addAttempt, addKubernetesJob, evidenceOf, seconds, type Story } from '../testing/story.js';
import { checkCancel } from './cancel.js';

function podOf(story: Story, jobId: string) {
  const pod = story.pods.find((each) => each.jobId === jobId);
  if (pod === undefined) throw new Error(`no pod of ${jobId}`);
  return pod;
}

describe('that a cancel holds', () => {
  it.each<Planted>([
    [
      'a pod of a job that was cancelled before it was armed',
      (story) => addAttempt(story, 'unborn', 0, [200, 210]),
      ['I2', 'unborn', 'started at 12:03:21.000; its cancel had been answered at 12:00:01.000'],
    ],
    [
      'a pod of one that was released after its cancel was answered',
      (story) => {
        addKubernetesJob(story, 'unborn', { releasedAt: seconds(1.2) });
        addAttempt(story, 'unborn', 0, [200, 210]);
      },
      ['I2', 'unborn', 'before any release'],
    ],
    [
      'a pod of an armed one whose cancel was answered before its release',
      (story) => {
        const record = story.kubernetesJobs.find(({ jobId }) => jobId === 'stopped');
        if (record !== undefined) record.releasedAt = seconds(10.1);
      },
      ['P4 cancel', 'stopped', 'before any release'],
    ],
    [
      'a pod that starts after CANCELLED was given',
      (story) => void (podOf(story, 'stopped').startedAt = seconds(26)),
      ['P4 cancel', 'stopped', 'started at 12:00:26.000; CANCELLED had been given at 12:00:25.000'],
    ],
    [
      'a pod that is made after CANCELLED was given',
      (story) => void Object.assign(podOf(story, 'stopped'), { createdAt: seconds(26), startedAt: null }),
      ['P4 cancel', 'stopped', 'was made at 12:00:26.000'],
    ],
    [
      'a pod that runs on after CANCELLED was given',
      (story) => void (podOf(story, 'stopped').endedAt = seconds(27)),
      ['P4 cancel', 'stopped', 'ran until 12:00:27.000'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkCancel, planted);
  });

  it('pods that started before or while a release was cancelled are no fault', () => {
    const story = cleanStory();
    podOf(story, 'stopped').startedAt = seconds(15);
    expect(checkCancel(evidenceOf(story))).toEqual([]);
  });
});
