import { describe, expect, it } from 'vitest';

import type { Violation } from '../violation.js';
import { judgeFindings } from './judge-findings.js';

const planted = [
  {
    what: 'two at once',
    expected: [
      { rule: 'I1', subject: 'a' },
      { rule: 'I5', subject: 'b' },
    ],
  },
  { what: 'the same once more', expected: [{ rule: 'I1', subject: 'a' }] },
] as const;
const found = (rule: Violation['rule'], subject: string): Violation => ({ rule, subject, what: '' });

describe('a judgement of what was found', () => {
  it('is content where everything planted is found, each by itself', () => {
    const findings = [found('I5', 'b'), found('I1', 'a'), found('I1', 'a')];
    expect(judgeFindings(planted, findings)).toEqual({ missed: [], unplanned: [] });
  });

  it('names what is missed and what nobody planted', () => {
    const judgement = judgeFindings(planted, [found('I1', 'a'), found('I1', 'c'), found('I4', 'b')]);
    expect(judgement.missed).toEqual([
      { rule: 'I5', subject: 'b', what: 'planted and not found: two at once' },
      { rule: 'I1', subject: 'a', what: 'planted and not found: the same once more' },
    ]);
    expect(judgement.unplanned).toEqual([found('I1', 'c'), found('I4', 'b')]);
  });
});
