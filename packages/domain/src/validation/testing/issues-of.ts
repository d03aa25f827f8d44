import { InputRefused } from '../issue.js';

/** What a parser refuses, as `env.2.name RESERVED_NAME`; empty where it accepts. For tests. */
export function issuesOf(parse: () => unknown): string[] {
  return refusal(parse).map(({ path, code }) => `${path.join('.')} ${code}`);
}

/** The messages of a refusal. For tests. */
export function messagesOf(parse: () => unknown): string[] {
  return refusal(parse).map(({ message }) => message);
}

function refusal(parse: () => unknown): InputRefused['issues'] {
  try {
    parse();
  } catch (error) {
    if (error instanceof InputRefused) return error.issues;
    throw error;
  }
  return [];
}
