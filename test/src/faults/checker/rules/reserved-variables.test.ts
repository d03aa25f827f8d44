import { describe, it } from 'vitest';

import { formatTestLine } from '../../test-lines.js';
import { createLogTally, tally } from '../log-tally.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { getJob } from '../testing/story.js';
import { checkReservedVariables } from './reserved-variables.js';

const beacon = { op: 'BEACON', jobToken: 't', index: 0, completions: 2, cluster: 'east' } as const;

describe('that containers have their reserved variables', () => {
  it.each<Planted>([
    [
      'another index than its pod has',
      (story) => story.history.push([5, { ...beacon, hostname: 'k-good-1' }]),
      ['P9 reserved variables', 'k-good-1', 'says it is task 0 of 2, and is 1 of 2'],
    ],
    [
      'another number of tasks than its job has',
      (story) => story.history.push([5, { ...beacon, hostname: 'k-paused-0' }]),
      ['P9 reserved variables', 'k-paused-0', 'says it is task 0 of 2, and is 0 of 1'],
    ],
    [
      'another index in its lines than the attempt has',
      (story) => {
        const { attempts } = getJob(story, 'good');
        const log = createLogTally();
        const writer = { hostname: 'k-good-0', run: '00000001' };
        tally(log, {
          number: 1,
          text: formatTestLine({ number: 1, count: 3, index: 1, completions: 2, ...writer }),
          gap: null,
        });
        attempts[0] = { ...attempts[0]!, log };
      },
      ['P9 reserved variables', 'good 0/1', 'says it is task 1 of 2, and is 0 of 2'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkReservedVariables, planted);
  });
});
