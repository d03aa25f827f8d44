import { expect, it } from 'vitest';

import { checkEvidence } from './check-evidence.js';
import { cleanStory } from './testing/clean-story.js';
import { evidenceOf } from './testing/story.js';

it('finds nothing where every promise is kept', () => {
  expect(checkEvidence(evidenceOf(cleanStory()), { longestStrayMs: 0 })).toEqual([]);
});
