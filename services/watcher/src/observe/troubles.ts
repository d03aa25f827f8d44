import type { PodReason } from '@ccluster/db';
import { givenUp, type Cause } from './finding.js';
import { longestGraceMs, type ReasonRule, type ReasonRules } from './reason-rule.js';

/** What holds something up, in the cluster's words. */
export interface Held {
  readonly rule: ReasonRule;
  readonly words: string;
}

/** Something that is held up, and since when. Times are of PostgreSQL's clock, milliseconds since 1970. */
export interface Trouble extends Held {
  /** Since when some rule of this code has held. */
  readonly codeSinceMs: number;
  readonly ruleSinceMs: number;
}

/**
 * Since when something has been held up, by what was recorded of it: graces outlive whoever counts them.
 * @param recorded a reason without a rule, such as the job's own, stands for any rule of its code
 */
export function troubleOf(held: Held, recorded: PodReason | null, nowMs: number): Trouble {
  if (recorded?.code !== held.rule.code) return { ...held, codeSinceMs: nowMs, ruleSinceMs: nowMs };
  const { since, heldBy = { rule: held.rule.name, since } } = recorded;
  const ruleSinceMs = heldBy.rule === held.rule.name ? Date.parse(heldBy.since) : nowMs;
  return { ...held, codeSinceMs: Date.parse(since), ruleSinceMs };
}

/** The first that has held for as long as its job may wait; null where there is none. */
export function findGivenUp(troubles: readonly Trouble[], rules: ReasonRules, nowMs: number): Cause | null {
  for (const { rule, words, ruleSinceMs, codeSinceMs } of troubles) {
    const ruleMs = nowMs - ruleSinceMs;
    const codeMs = nowMs - codeSinceMs;
    if (ruleMs >= (rule.failsAfterMs ?? Infinity)) return givenUp(rule, words, ruleMs);
    if (codeMs >= longestGraceMs(rules, rule.code)) return givenUp(rule, words, codeMs);
  }
  return null;
}

/** It will not be waited for without end. */
export function isLimited({ rule }: Held): boolean {
  return rule.failsAfterMs !== null;
}
