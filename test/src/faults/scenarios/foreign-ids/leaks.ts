import type { Violation } from '../../violation.js';
import type { SentAnswer } from './compare-answers.js';

export function leak(subject: string, what: string): Violation {
  return { rule: 'isolation', subject, what };
}

/** What of somebody else's is in an answer, but for the value itself that was sent. */
export function shownOf({ text, value, names }: SentAnswer, secrets: readonly string[]): string[] {
  const rest = [value, ...names].reduce((left, sent) => (sent === '' ? left : left.replaceAll(sent, '')), text);
  return secrets.filter((secret) => rest.includes(secret));
}
