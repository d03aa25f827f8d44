import { describe, expect, it, test } from 'vitest';
import { parseCancelReason } from './parse-cancel-reason.js';
import { parseJobFilterTexts } from './parse-job-filter.js';
import { parsePlacementPlan } from './parse-placement-plan.js';
import { issuesOf, messagesOf } from './testing/issues-of.js';

describe('the reason of a cancel', () => {
  test.each([
    [null, null],
    ['', null],
    ['wrong data', 'wrong data'],
    ['🎉'.repeat(1000), '🎉'.repeat(1000)],
  ])('%j is %j', (given, reason) => {
    expect(parseCancelReason(given)).toBe(reason);
  });

  test.each([['x'.repeat(1001)], ['\0'], ['\ud800']])('is refused: %j', (given) => {
    expect(issuesOf(() => parseCancelReason(given))).toEqual(['reason INVALID']);
  });

  it('is named with the rule and the value where it is refused', () => {
    expect(messagesOf(() => parseCancelReason('\0'))).toEqual([
      'reason must not contain NUL or half of a surrogate pair; got "\\u0000"',
    ]);
  });
});

describe('a filter of jobs', () => {
  it('takes absent and null for any', () => {
    const any = { clusterId: undefined, createdBy: undefined, nameContains: undefined };
    expect(parseJobFilterTexts({})).toEqual(any);
    expect(parseJobFilterTexts({ clusterId: null, createdBy: null, nameContains: null })).toEqual(any);
  });

  it('takes any text, and refuses all that cannot be one', () => {
    expect(parseJobFilterTexts({ nameContains: '%_' }).nameContains).toBe('%_');
    expect(issuesOf(() => parseJobFilterTexts({ clusterId: '\0', createdBy: '\ud800', nameContains: '\0' }))).toEqual([
      'clusterId INVALID',
      'createdBy INVALID',
      'nameContains INVALID',
    ]);
  });
});

describe('what a placement plan is asked for', () => {
  it('is one task anywhere where nothing is said', () => {
    expect(parsePlacementPlan({}, 10)).toMatchObject({ parallelism: 1, placement: { clusterId: null, regions: null } });
  });

  it('is refused by the rules of createJob, with all that is wrong with it', () => {
    expect(issuesOf(() => parsePlacementPlan({ parallelism: 0, placement: { minGpuCount: -1 } }, 10))).toEqual([
      'placement.minGpuCount INVALID',
      'parallelism INVALID',
    ]);
    expect(issuesOf(() => parsePlacementPlan({ parallelism: 11 }, 10))).toEqual(['parallelism LIMIT_EXCEEDED']);
  });
});
