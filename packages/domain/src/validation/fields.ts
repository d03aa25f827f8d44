import { z } from 'zod';
import { countBytes, countCharacters, isStorable, STORABLE_RULE } from './text.js';

/** GraphQL's Int and Kubernetes' int32. */
const MAX_INT = 2_147_483_647;

/** Any text that can be stored and handed on. */
export const storableText = z.string().refine(isStorable, STORABLE_RULE);

/** Text of 1 to `maxCharacters` characters. */
export function shortText(maxCharacters: number) {
  return storableText.refine(
    (text) => text !== '' && text.length <= 2 * maxCharacters && countCharacters(text) <= maxCharacters,
    `must have 1 to ${maxCharacters} characters`,
  );
}

/** Text of at most `maxBytes` bytes of UTF-8. */
export function textOfBytes(maxBytes: number) {
  return storableText.refine((text) => countBytes(text) <= maxBytes, `must have at most ${inKiB(maxBytes)}`);
}

export function inKiB(bytes: number): string {
  return `${bytes / 1024} KiB`;
}

/** Text that one pattern describes; the length is looked at first. */
export function patternText(pattern: RegExp, maxCharacters: number, rule: string) {
  return z.string().refine((text) => text.length <= maxCharacters && pattern.test(text), rule);
}

/** Lower-case name that can become part of a DNS label. */
export function kebabName(maxCharacters: number) {
  return patternText(
    /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
    maxCharacters,
    `must begin with a lower-case letter, have only lower-case letters, digits and hyphens, end with a letter or digit, and have at most ${maxCharacters} characters`,
  );
}

export function integer(min: number, max: number = MAX_INT) {
  const rule = `must be a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`;
  return z.number(rule).refine((value) => Number.isInteger(value) && value >= min && value <= max, rule);
}

/** The length is looked at before any entry, so that a huge list costs nothing; of one too long no entry is judged. */
export function listOf<Entry extends z.ZodType>(entry: Entry, maxEntries: number) {
  return z
    .array(z.unknown())
    .transform((entries, context): unknown[] => {
      if (entries.length <= maxEntries) return entries;
      const message = `must have at most ${maxEntries.toLocaleString('en')} entries`;
      // `continue`, unlike `max`: the rest of the input is judged all the same.
      context.addIssue({ code: 'custom', message, continue: true });
      return [];
    })
    .pipe(z.array(entry));
}

/** A check of a list: each entry's key is unique; a repetition is told at the later entry. */
export function uniqueBy<Key extends string>(key: Key) {
  return (entries: readonly Readonly<Record<Key, string>>[], context: z.RefinementCtx): void => {
    const seen = new Set<string>();
    for (const [index, entry] of entries.entries()) {
      if (seen.has(entry[key])) context.addIssue({ code: 'custom', path: [index, key], message: 'must be unique' });
      seen.add(entry[key]);
    }
  };
}

/** A check of a text by a function that says which rule it breaks. */
export function obeying(findBrokenRule: (text: string) => string | null) {
  return (text: string, context: z.RefinementCtx): void => {
    const rule = findBrokenRule(text);
    if (rule !== null) context.addIssue({ code: 'custom', message: rule });
  };
}

/** Absent and `null` are the default. */
export function withDefault<Schema extends z.ZodType, Default>(schema: Schema, value: Default) {
  return schema.nullish().transform((given) => given ?? value);
}
