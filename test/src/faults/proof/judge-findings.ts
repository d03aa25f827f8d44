import type { Violation } from '../violation.js';
import type { Expected } from './ground.js';

export interface Planted {
  readonly what: string;
  readonly expected: readonly Expected[];
}

export interface Judgement {
  /** What was planted and not found, as the violation that it should have been. */
  readonly missed: readonly Violation[];
  /** What was found and not planted. */
  readonly unplanned: readonly Violation[];
}

/** Each finding answers for one that was expected, and each expected one wants a finding of its own. */
export function judgeFindings(planted: readonly Planted[], findings: readonly Violation[]): Judgement {
  const unplanned = [...findings];
  const missed: Violation[] = [];
  for (const { what, expected } of planted) {
    for (const { rule, subject } of expected) {
      const at = unplanned.findIndex((finding) => finding.rule === rule && finding.subject === subject);
      if (at === -1) missed.push({ rule, subject, what: `planted and not found: ${what}` });
      else unplanned.splice(at, 1);
    }
  }
  return { missed, unplanned };
}
