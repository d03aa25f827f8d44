const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

export type IdPrefix = 'job' | 'pod' | 'cl' | 'it' | 'key' | 'org';

/**
 * A new identifier: `<prefix>_` and 26 characters of lower-case Crockford base 32, a ULID: 10 of time, 16 of chance,
 * so that ids sort by age and are valid in a DNS label.
 * @param nowMs milliseconds since 1970
 * @param random fills an array of bytes
 */
export function newId(prefix: IdPrefix, nowMs: number, random: (bytes: Uint8Array) => Uint8Array): string {
  let time = '';
  for (let rest = nowMs, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) time = ALPHABET.charAt(rest % 32) + time;
  // 256 is a multiple of 32, so no character is likelier than another.
  const chance = Array.from(random(new Uint8Array(16)), (byte) => ALPHABET.charAt(byte % 32)).join('');
  return `${prefix}_${time}${chance}`;
}

/** When an identifier of `newId` was made, milliseconds since 1970. */
export function createdAtMs(id: string): number {
  let timeMs = 0;
  for (const character of idSuffix(id).slice(0, 10)) timeMs = timeMs * 32 + ALPHABET.indexOf(character);
  return timeMs;
}

/** The 26 characters after the prefix. */
export function idSuffix(id: string): string {
  return id.slice(id.indexOf('_') + 1);
}
