import { givenUp, type Cause } from './finding.js';
import { longestGraceMs, type ReasonRule, type ReasonRules } from './reason-rule.js';

/** What holds something up, in the cluster's words. */
export interface Held {
  readonly rule: ReasonRule;
  readonly words: string;
}

/** Something that is held up and will not be waited for without end. Times are of the watcher's own clock. */
interface Trouble extends Held {
  /** Since when some rule of this code has held. */
  readonly codeSinceMs: number;
  readonly ruleSinceMs: number;
}

/** By the uid of the pod, or of the Kubernetes Job that can make none. */
export type Troubles = ReadonlyMap<string, Trouble>;

export const noTroubles: Troubles = new Map();

/** What is in trouble now, and since when: what was before and still is keeps its time. */
export function withTroubles(known: Troubles, held: ReadonlyMap<string, Held>, nowMs: number): Troubles {
  const troubles = new Map<string, Trouble>();
  for (const [uid, each] of held) {
    if (each.rule.failsAfterMs !== null) troubles.set(uid, troubleOf(each, known.get(uid), nowMs));
  }
  return troubles;
}

function troubleOf(held: Held, known: Trouble | undefined, nowMs: number): Trouble {
  if (known?.rule.code !== held.rule.code) return { ...held, codeSinceMs: nowMs, ruleSinceMs: nowMs };
  // Between two tries older kubelets say only that they wait: then the answer before still stands.
  if (held.rule.continues) return known;
  if (held.rule === known.rule) return { ...known, words: held.words };
  return { ...held, codeSinceMs: known.codeSinceMs, ruleSinceMs: nowMs };
}

/** The first that has held for as long as its job may wait; null where there is none. */
export function findGivenUp(troubles: Troubles, rules: ReasonRules, nowMs: number): Cause | null {
  for (const { rule, words, ruleSinceMs, codeSinceMs } of troubles.values()) {
    const ruleMs = nowMs - ruleSinceMs;
    const codeMs = nowMs - codeSinceMs;
    if (ruleMs >= (rule.failsAfterMs ?? Infinity)) return givenUp(rule, words, ruleMs);
    if (codeMs >= longestGraceMs(rules, rule.code)) return givenUp(rule, words, codeMs);
  }
  return null;
}
