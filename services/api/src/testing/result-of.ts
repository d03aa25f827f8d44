import type { Answer } from './test-caller.js';

/** What one field of an answer's root came to; throws where the answer holds none. */
export function resultOf({ data, errors }: Pick<Answer, 'data' | 'errors'>, field: string): Record<string, unknown> {
  const result = data?.[field];
  if (result == null) throw new Error(`No ${field}: ${JSON.stringify(errors)}`);
  return result as Record<string, unknown>;
}
