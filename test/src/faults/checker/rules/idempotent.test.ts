import { describe, expect, it } from 'vitest';

import type { HistoryOperation } from '../../history.js';
import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { evidenceOf } from '../testing/story.js';
import { checkIdempotent } from './idempotent.js';

const replayed = { op: 'REQUEST_REPLAYED', requestId: 'r-good' } as const;
const created: HistoryOperation = {
  op: 'CREATED',
  jobId: 'good',
  name: 'good',
  requestId: 'r-good',
  digest: 'd-good',
  completions: 2,
  parallelism: 2,
  enableLogging: true,
};

describe('that one request makes one job', () => {
  it.each<Planted>([
    [
      'a request that was answered with two jobs',
      (story) => story.history.push([5, { ...replayed, jobId: 'bad' }]),
      ['P2 idempotent', 'r-good', 'was answered with good and bad'],
    ],
    [
      'a request that is stored for another job',
      (story) => void story.requests.set('r-good', 'bad'),
      ['P2 idempotent', 'r-good', 'is stored for bad'],
    ],
    [
      'another input that was answered with the job',
      (story) => story.history.push([5, { ...replayed, jobId: 'good', digest: 'other' }]),
      ['P2 idempotent', 'r-good', 'though its input was another'],
    ],
    [
      'the same input that was refused',
      (story) => story.history.push([5, { ...replayed, code: 'REQUEST_ID_CONFLICT' }]),
      ['P2 idempotent', 'r-good', 'was answered with REQUEST_ID_CONFLICT, though its input was that of good'],
    ],
    [
      'a job that two requests were answered with',
      (story) => story.history.push([5, { ...created, requestId: 'r-other' }]),
      ['P2 idempotent', 'good', 'was made by 2 requests'],
    ],
    [
      'a job that two requests without an id were answered with',
      (story) =>
        story.history.push(
          [5, { ...created, requestId: null, jobId: 'x' }],
          [5, { ...created, requestId: null, jobId: 'x' }],
        ),
      ['P2 idempotent', 'x', 'was made by 2 requests: no request id'],
    ],
    [
      'a script that was sent once and ran as two jobs',
      (story) => {
        const beacon = { jobToken: 't-good', index: 0, completions: 2, hostname: 'k-bad-0', cluster: 'east' };
        story.history.push([5, { op: 'BEACON', ...beacon }]);
      },
      ['P2 idempotent', 't-good', 'ran as good and bad'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkIdempotent, planted);
  });

  it('refusals that are right are no fault, nor is a re-run of the same script', () => {
    const story = cleanStory();
    story.history.push([5, { ...replayed, code: 'REQUEST_ID_CONFLICT', digest: 'other' }]);
    story.history.push([6, { ...replayed, code: 'INTERNAL' }]);
    story.history.push([7, { op: 'DELETED', jobId: 'good' }], [8, { ...replayed, code: 'JOB_DELETED' }]);
    const beacon = { jobToken: 't-bad', index: 1, completions: 2, hostname: 'k-again-1', cluster: 'east' };
    story.history.push([54, { op: 'BEACON', ...beacon }]);
    expect(checkIdempotent(evidenceOf(story))).toEqual([]);
  });
});
