import { describe, expect, it } from 'vitest';

import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { evidenceOf } from '../testing/story.js';
import { checkDurable } from './durable.js';

describe('that an answered job is there', () => {
  it.each<Planted>([
    [
      'a created job without a row',
      (story) => void story.jobs.delete('good'),
      ['P1 durable', 'good', 'createJob was answered at 12:00:00.000, and no row has it'],
    ],
    [
      'a re-run without a row',
      (story) => void story.jobs.delete('again'),
      ['P1 durable', 'again', 'rerunJob was answered'],
    ],
    [
      'a job without a row that a repeated request was answered with',
      (story) => story.history.push([5, { op: 'REQUEST_REPLAYED', requestId: 'r', jobId: 'other' }]),
      ['P1 durable', 'other', 'no row has it'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkDurable, planted);
  });

  it('a job that was deleted need not be', () => {
    const story = cleanStory();
    story.jobs.delete('good');
    story.history.push([50, { op: 'DELETED', jobId: 'good' }]);
    expect(checkDurable(evidenceOf(story))).toEqual([]);
  });
});
