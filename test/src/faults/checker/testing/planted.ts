import { expect } from 'vitest';

import type { Violation } from '../../violation.js';
import type { Evidence } from '../evidence.js';
import { cleanStory } from './clean-story.js';
import { evidenceOf, type Story } from './story.js';

/** What is planted, which rule and subject are to be named for it, and a part of the words. */
export type Planted = readonly [what: string, plant: (story: Story) => void, found: readonly [string, string, string]];

/** Makes one change in a story that is clean, and expects the rule to find that and nothing else. */
export function expectFound(check: (evidence: Evidence) => Violation[], [, plant, found]: Planted): void {
  const story = cleanStory();
  expect(check(evidenceOf(story))).toEqual([]);
  plant(story);
  const violations = check(evidenceOf(story));
  const [rule, subject, words] = found;
  expect(violations).toEqual([{ rule, subject, what: expect.stringContaining(words) as string }]);
}
