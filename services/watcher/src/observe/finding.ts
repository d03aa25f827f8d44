import { codeOfReason } from './raw-reasons.js';
import { findRule, type ReasonRule, type ReasonRules, type ReasonSource } from './reason-rule.js';

/** Why something waits or failed: a stable code, and a sentence with the cluster's own words. */
export interface Cause {
  readonly code: string;
  readonly message: string;
}

/** A cause, and what it was made of. */
export interface Finding extends Cause {
  /** The cluster's own words. */
  readonly words: string;
  /** null: of no rule of the table. */
  readonly rule: ReasonRule | null;
}

/** What a code means. For others the cluster's own reason stands. */
const SENTENCES: Readonly<Record<string, string>> = {
  UNSCHEDULABLE: 'No node can take this pod',
  SCHEDULING_GATED: 'Held back',
  POD_SETUP_FAILED: 'Its node cannot set up the pod',
  IMAGE_PULL_RETRYING: 'The image cannot be pulled, and is tried again',
  IMAGE_PULL_FAILED: 'The image cannot be pulled',
  CONFIG_ERROR: 'A Secret or setting of the container is missing',
  CONTAINER_START_FAILED: 'The container cannot be started',
  OOM_KILLED: 'Out of memory: the container needed more than the instance type has',
  QUOTA_EXCEEDED: "The namespace's quota is reached",
  POLICY_REFUSED: 'A policy of the cluster refuses the pods',
  POD_CREATION_FAILED: 'The cluster cannot create the pods',
};

/** What the table says of a cluster's words; what it does not know is passed on under a code made of the reason. */
export function findingOf(rules: ReasonRules, from: ReasonSource, reason: string, words: string): Finding {
  const rule = findRule(rules, from, reason, words) ?? null;
  const code = rule?.code ?? codeOfReason(reason);
  return { code, message: sentence(code, reason, words), words, rule };
}

/** A finding that is no cluster's words. */
export function ownFinding(code: string, message: string): Finding {
  return { code, message, words: '', rule: null };
}

export function causeOf({ code, message }: Cause): Cause {
  return { code, message };
}

/** Of a rule that has held for as long as its job may wait. */
export function givenUp({ code, failsAs, failsAfterMs }: ReasonRule, words: string, heldMs: number): Cause {
  const what = SENTENCES[failsAs] ?? SENTENCES[code] ?? failsAs;
  const after = failsAfterMs === 0 ? '' : ` (given up after ${Math.round(heldMs / 1_000)} s)`;
  return { code: failsAs, message: withWords(`${what}${after}`, words) };
}

export function withWords(text: string, words: string): string {
  return words === '' ? text : `${text}: ${words}`;
}

/** The cluster's words in a message that was made of them. */
export function wordsIn({ code, message }: Cause): string {
  const start = `${SENTENCES[code]}: `;
  return message.startsWith(start) ? message.slice(start.length) : message;
}

function sentence(code: string, reason: string, words: string): string {
  const known = SENTENCES[code];
  return known === undefined ? withWords(reason, words) : withWords(known, words || reason);
}
