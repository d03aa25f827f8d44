import { expect, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { addJob, evidenceOf, seconds } from '../testing/story.js';
import { checkStrays } from './strays.js';

const LONGEST_MS = 300_000;

it.each([
  ['it ended just now', 590, []],
  ['it ended long ago', 200, ['east p-1']],
])('counts the time of what a job leaves behind from its end: %s', (_, endedAt, strays) => {
  const story = cleanStory();
  addJob(story, 'job_long', 'SUCCEEDED', { endedAt: seconds(endedAt) });
  story.live.push({
    cluster: 'east',
    clusterId: 'cl_east',
    kind: 'Pod',
    name: 'p-1',
    uid: 'uid-p-1',
    jobId: 'job_long',
    kubernetesJobUid: 'uid-job_long',
    createdAt: seconds(1),
    deletingSince: null,
    isRunningPod: false,
  });
  expect(checkStrays(evidenceOf(story), LONGEST_MS).map(({ subject }) => subject)).toEqual(strays);
});
