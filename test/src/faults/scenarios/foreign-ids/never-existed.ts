import { randomBytes } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID = /\b([a-z]+_[0-9a-hjkmnp-tv-z]{10})[0-9a-hjkmnp-tv-z]{16}\b/g;

/** What is like a value of somebody's, of the same form and age, and of nobody: an id, a cursor with ids in it, a name. */
export function neverExisted(value: string): string {
  const replaced = withOtherIds(value);
  if (replaced !== value) return replaced;
  const decoded = Buffer.from(value, 'base64url').toString('utf8');
  if (!isCursor(decoded)) return chance(value.length);
  return Buffer.from(withOtherIds(decoded)).toString('base64url');
}

export function isId(text: string): boolean {
  return new RegExp(`^${ID.source}$`).test(text);
}

function withOtherIds(text: string): string {
  return text.replaceAll(ID, (_, start: string) => `${start}${chance(16)}`);
}

function isCursor(decoded: string): boolean {
  try {
    return Array.isArray(JSON.parse(decoded));
  } catch {
    return false;
  }
}

/** Begins with a letter: it may take a name's place. */
function chance(length: number): string {
  const characters = Array.from(randomBytes(length), (byte) => ALPHABET.charAt(byte % 32));
  return `q${characters.join('').slice(1)}`;
}
