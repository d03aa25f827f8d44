import { expect, describe, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { addKubernetesJob, evidenceOf, getJob, seconds } from '../testing/story.js';
import { checkReleasedOnce } from './released-once.js';

const released = [{ at: seconds(300), by: 'somebody', suspend: false, intent: null }];

describe('that a job is released once', () => {
  it.each<Planted>([
    [
      'a second Kubernetes Job, in another cluster, long after the first was gone',
      (story) =>
        addKubernetesJob(story, 'good', { cluster: 'west', uid: 'other', releasedAt: seconds(300), changes: released }),
      ['I1', 'good', 'west k-good (other) at 12:05:00.000 by somebody'],
    ],
    [
      'a second one under the same name',
      (story) => addKubernetesJob(story, 'stopped', { uid: 'other', createdAt: seconds(2), releasedAt: seconds(3) }),
      ['I1', 'stopped', '2 Kubernetes Jobs were released'],
    ],
    [
      'one that is not the armed one',
      (story) => void (getJob(story, 'good').kubernetesUid = 'another'),
      ['P3 released once', 'good', 'armed is another'],
    ],
    [
      'one of a job of which none was armed',
      (story) => addKubernetesJob(story, 'unborn'),
      ['P3 released once', 'unborn', 'none was armed'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkReleasedOnce, planted);
  });

  it('one that was never released does not count', () => {
    const story = cleanStory();
    addKubernetesJob(story, 'good', { cluster: 'west', uid: 'other', releasedAt: null, changes: [] });
    expect(checkReleasedOnce(evidenceOf(story))).toEqual([]);
  });
});
