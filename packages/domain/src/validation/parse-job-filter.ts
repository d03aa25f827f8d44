import { z } from 'zod';
import { storableText, withDefault } from './fields.js';
import { parseInput } from './parse-input.js';

const text = withDefault(storableText, undefined);

const jobFilterTexts = z.object({ clusterId: text, createdBy: text, nameContains: text });

/** The texts of a `JobFilter`, which are looked for as they are; absent and `null` are any. Throws `InputRefused`. */
export function parseJobFilterTexts(unsafeFilter: unknown): z.output<typeof jobFilterTexts> {
  return parseInput(jobFilterTexts, unsafeFilter);
}
