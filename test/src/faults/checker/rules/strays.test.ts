import { describe, expect, it } from 'vitest';

import type { LiveObject } from '../cluster-evidence.js';
import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { addRow, evidenceOf, getJob, seconds } from '../testing/story.js';
import { checkStrays } from './strays.js';

const LONGEST_MS = 300_000;

const armed: LiveObject = {
  cluster: 'east',
  clusterId: 'cl_east',
  kind: 'Job',
  name: 'k-runs',
  uid: 'uid-runs',
  jobId: 'runs',
  kubernetesJobUid: 'uid-runs',
  createdAt: seconds(1),
  deletingSince: null,
  isRunningPod: false,
};

describe('that a cluster holds nothing that no row owns', () => {
  it.each<Planted>([
    ['one without a row', (story) => story.live.push(armed), ['I5', 'east k-runs', 'no row has its job']],
    [
      'a Secret without the label of a job',
      (story) => story.live.push({ ...armed, kind: 'Secret', jobId: null }),
      ['I5', 'east k-runs', 'Secret of no job'],
    ],
    [
      'one whose job has ended and was cleaned up',
      (story) => story.live.push({ ...armed, jobId: 'good', kubernetesJobUid: 'uid-good' }),
      ['I5', 'east k-runs', 'its job is SUCCEEDED and cleaned up'],
    ],
    [
      'one whose job waits for a cluster',
      (story) => story.live.push({ ...armed, jobId: 'waits' }),
      ['I5', 'east k-runs', 'its job is QUEUED'],
    ],
    [
      'one whose job has another',
      (story) => {
        addRow(story, 'runs', 'RUNNING');
        story.live.push({ ...armed, kubernetesJobUid: 'other' });
      },
      ['I5', 'east k-runs', 'its job is RUNNING'],
    ],
    [
      'one whose job is in another cluster',
      (story) => {
        addRow(story, 'runs', 'STARTING', { phase: 'PLACED', kubernetesUid: null });
        story.live.push({ ...armed, clusterId: 'cl_west' });
      },
      ['I5', 'east k-runs', 'in cl_east'],
    ],
  ])('%s is found', (...planted) => {
    expectFound((evidence) => checkStrays(evidence, LONGEST_MS), planted);
  });

  it('what a row owns, and what is new or about to go, may be there', () => {
    const story = cleanStory();
    addRow(story, 'runs', 'RUNNING');
    getJob(story, 'bad').cleaned = false;
    story.live.push(armed, { ...armed, kind: 'Pod', jobId: 'bad', kubernetesJobUid: 'uid-bad' });
    story.live.push({ ...armed, jobId: 'lost', createdAt: seconds(301) });
    story.live.push({ ...armed, jobId: 'lost', deletingSince: seconds(301) });
    expect(checkStrays(evidenceOf(story), LONGEST_MS)).toEqual([]);
    expect(checkStrays(evidenceOf(story), 0)).toHaveLength(2);
  });
});
