import type { Random } from '../../random.js';

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALPHANUMERIC = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;

/** So many characters of these. */
export function text(random: Random, length: number, characters: string): string {
  return Array.from({ length }, () => characters.charAt(random.between(0, characters.length - 1))).join('');
}

/** First and last of one set, between them of another. */
export function framed(random: Random, length: number, frame: string, inner: string): string {
  if (length < 2) return text(random, length, frame);
  return `${text(random, 1, frame)}${text(random, length - 2, inner)}${text(random, 1, frame)}`;
}

/** A DNS name of exactly so many characters, of labels of any length that Kubernetes takes or not. */
export function dnsName(random: Random, length: number): string {
  let name = '';
  while (name.length < length) {
    const left = length - name.length;
    const label = Math.min(left, random.between(1, 70));
    // No name ends in a dot, and none begins with one.
    const rest = left - label === 1 ? label + 1 : label;
    name += framed(random, rest, `${LOWER}${DIGITS}`, `${LOWER}${DIGITS}-`) + (left > rest ? '.' : '');
  }
  return name.slice(0, length);
}

export function qualifiedName(random: Random): string {
  const name = framed(random, random.pick([1, 2, 12, 63]), ALPHANUMERIC, `${ALPHANUMERIC}-_.`);
  return random.next() < 0.3 ? name : `${dnsName(random, random.pick([1, 3, 20, 200, 244, 245, 253]))}/${name}`;
}

export function labelValue(random: Random): string {
  return framed(random, random.pick([0, 1, 5, 63]), ALPHANUMERIC, `${ALPHANUMERIC}-_.`);
}

/** Any text that can be stored: what is rare, what is shown otherwise, what JSON and shells write otherwise. */
export function anyText(random: Random, length: number): string {
  const rare = [
    '\u0001',
    '\u001b[31m',
    '\t',
    '\r\n',
    '"',
    '\\',
    '$',
    '$(A)',
    '$$',
    '`',
    '{{a}}',
    'ä',
    '\u2028',
    '🙂',
    '\ufffd',
    "'",
  ];
  let made = '';
  while (made.length < length) made += random.next() < 0.3 ? random.pick(rare) : text(random, 8, ` ${ALPHANUMERIC}=-`);
  return Array.from(made).slice(0, length).join('');
}
