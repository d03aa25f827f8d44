import { parseIndexSet } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { addAttempt, evidenceOf, getJob } from '../testing/story.js';
import { checkRerun } from './rerun.js';

describe('that a re-run runs only what failed', () => {
  it.each<Planted>([
    [
      'a pod of a task that had succeeded',
      (story) => addAttempt(story, 'again', 0, [53, 60]),
      ['P11 rerun', 'again', 'ran k-again-0-aaaa1, of tasks that had succeeded in bad'],
    ],
    [
      'a pod of a task that had succeeded in a job whose row is gone',
      (story) => {
        story.jobs.delete('bad');
        addAttempt(story, 'again', 0, [53, 60]);
      },
      ['P11 rerun', 'again', 'had succeeded in bad'],
    ],
    [
      'a task that had succeeded and is no longer so',
      (story) => void (getJob(story, 'again').succeeded = parseIndexSet('1', 2)),
      ['P11 rerun', 'again', 'does not have 0 as SUCCEEDED'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkRerun, planted);
  });

  it('a re-run of everything may run everything', () => {
    const story = cleanStory();
    story.history.push([51, { op: 'RERUN_ANSWERED', jobId: 'again', rerunOf: 'bad', onlyFailed: false }]);
    addAttempt(story, 'again', 0, [53, 60]);
    expect(checkRerun(evidenceOf(story))).toEqual([]);
  });
});
