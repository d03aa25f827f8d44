import { describe, expect, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { addAttempt, evidenceOf, seconds, type Story } from '../testing/story.js';
import { checkSuspend } from './suspend.js';

function podOf(story: Story, name: string) {
  const pod = story.pods.find((each) => each.name === name);
  if (pod === undefined) throw new Error(`no pod ${name}`);
  return pod;
}

const held = { op: 'SUSPEND_ANSWERED', jobId: 'waits', status: 'STARTING', askedAt: seconds(1) } as const;

describe('that nothing runs while a job is suspended', () => {
  it.each<Planted>([
    [
      'a pod that starts after SUSPENDED was seen',
      (story) => addAttempt(story, 'paused', 0, [29, 39]),
      ['P10 suspend', 'paused', 'ran from 12:00:30.000 to 12:00:39.000; SUSPENDED was seen at 12:00:25.000'],
    ],
    [
      'a pod that runs on after SUSPENDED was seen',
      (story) => void (podOf(story, 'k-paused-0-aaaa1').endedAt = seconds(27)),
      ['P10 suspend', 'paused', 'SUSPENDED was seen'],
    ],
    [
      'a pod of a job that was suspended before its release',
      (story) => {
        story.history.push([2, held]);
        addAttempt(story, 'waits', 0, [5, 9]);
      },
      ['P10 suspend', 'waits', 'it was suspended before any release, at 12:00:02.000'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkSuspend, planted);
  });

  it('pods may end until SUSPENDED is seen, and start from when a resume is asked for', () => {
    const story = cleanStory();
    podOf(story, 'k-paused-0-aaaa1').endedAt = seconds(25);
    podOf(story, 'k-paused-0-aaaa2').startedAt = seconds(40.5);
    story.history.push(
      [2, held],
      [8, { op: 'RESUME_ANSWERED', jobId: 'waits', status: 'QUEUED', askedAt: seconds(4) }],
    );
    addAttempt(story, 'waits', 0, [5, 9]);
    expect(checkSuspend(evidenceOf(story))).toEqual([]);
  });

  it('what was seen while a resume was under way proves nothing', () => {
    const story = cleanStory();
    story.history.push([40.9, { op: 'SAW_JOB', jobId: 'paused', status: 'STARTING', askedAt: seconds(40.8) }]);
    story.history.push([43, { op: 'SAW_JOB', jobId: 'paused', status: 'SUSPENDED', askedAt: seconds(39) }]);
    expect(checkSuspend(evidenceOf(story))).toEqual([]);
  });
});
