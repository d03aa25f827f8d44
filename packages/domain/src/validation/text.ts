export function countBytes(text: string): number {
  return Buffer.byteLength(text, 'utf8');
}

/** Counts code points, not the 16-bit units of `length`. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** PostgreSQL, C strings and UTF-8 can hold it: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

export const STORABLE_RULE = 'must not contain NUL or half of a surrogate pair';
