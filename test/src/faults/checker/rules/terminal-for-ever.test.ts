import { describe, it } from 'vitest';

import { expectFound, type Planted } from '../testing/planted.js';
import { getJob, seconds, type Story } from '../testing/story.js';
import { checkTerminalForEver } from './terminal-for-ever.js';

function setEvent(story: Story, id: string, sequence: number, status: string): void {
  const { events } = getJob(story, id);
  events[sequence - 1] = { ...events[sequence - 1]!, status };
}

describe('that an end is for ever', () => {
  it.each<Planted>([
    [
      'another end seen later',
      (story) => story.history.push([50, { op: 'SAW_JOB', jobId: 'good', status: 'FAILED' }]),
      ['I4', 'good', 'was seen SUCCEEDED at 12:00:30.000, and FAILED afterwards'],
    ],
    [
      'an open status seen by who asked after the end was given',
      (story) => story.history.push([50, { op: 'SAW_JOB', jobId: 'good', status: 'RUNNING', askedAt: seconds(49) }]),
      ['I4', 'good', 'and RUNNING afterwards'],
    ],
    [
      'another end in its row',
      (story) => void Object.assign(getJob(story, 'good'), { status: 'FAILED', outcome: 'FAILED' }),
      ['I4', 'good', 'was seen SUCCEEDED at 12:00:30.000, and is stored as FAILED'],
    ],
    [
      'an open status in its row',
      (story) => void Object.assign(getJob(story, 'good'), { status: 'RUNNING', phase: 'ARMED', outcome: null }),
      ['I4', 'good', 'is stored as RUNNING'],
    ],
    [
      'a row that says two things',
      (story) => void (getJob(story, 'again').outcome = 'FAILED'),
      ['I4', 'again', 'is stored as SUCCEEDED, and as FAILED'],
    ],
    [
      'two ends in its events',
      (story) => setEvent(story, 'good', 4, 'CANCELLED'),
      ['I4', 'good', 'became CANCELLED with event 4, and SUCCEEDED with 5'],
    ],
    [
      'another end in its events than in its row',
      (story) => setEvent(story, 'again', 4, 'FAILED'),
      ['I4', 'again', 'became FAILED, and is stored as SUCCEEDED'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkTerminalForEver, planted);
  });
});
