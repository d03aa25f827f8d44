import { randomBytes } from 'node:crypto';

const OF_IDS = '0123456789abcdefghjkmnpqrstvwxyz';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ID = /\b([a-z]+_[0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}\b/g;

/** What is like a value of somebody's, of the same form and age, and of nobody: an id, a cursor with ids in it, a name. */
export function neverExisted(value: string): string {
  const replaced = withOtherIds(value);
  if (replaced !== value) return replaced;
  const decoded = Buffer.from(value, 'base64url').toString('utf8');
  if (!isCursor(decoded)) return alike(value);
  return Buffer.from(withOtherIds(decoded)).toString('base64url');
}

export function isId(text: string): boolean {
  return new RegExp(`^${ID.source}$`).test(text);
}

function withOtherIds(text: string): string {
  return text.replaceAll(ID, (_, start: string) => `${start}${chance(16, OF_IDS)}`);
}

function isCursor(decoded: string): boolean {
  try {
    return Array.isArray(JSON.parse(decoded));
  } catch {
    return false;
  }
}

/** A letter for each letter, and a digit for each digit: it is refused, or taken, wherever the value is. */
function alike(name: string): string {
  return name.replaceAll(/[a-z]/g, () => chance(1, LETTERS)).replaceAll(/\d/g, () => chance(1, DIGITS));
}

function chance(length: number, alphabet: string): string {
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}
