import type { Choices } from './choices.js';

const WORDS = [
  '{',
  '}',
  '...',
  '@',
  '$',
  '(',
  ')',
  '[',
  '"""',
  '"',
  '\\u0000',
  '\u0000',
  '#',
  'fragment',
  'on',
  'null',
  '__proto__',
  '-',
  '1e999',
  '\n',
  '\ufeff',
  ',',
  ':',
];

/** The same bytes but for some: changed, cut out, doubled, or with others between them. */
export function mutateBytes(bytes: Buffer, choices: Choices): Buffer {
  let mutated = bytes;
  for (let left = 1 + choices.below(6); left > 0; left -= 1) {
    const at = choices.below(mutated.length + 1);
    const end = Math.min(mutated.length, at + 1 + choices.below(20));
    const [before, part, after] = [mutated.subarray(0, at), mutated.subarray(at, end), mutated.subarray(end)];
    mutated = Buffer.concat([before, ...change(part, choices), after]);
  }
  return mutated;
}

function change(part: Buffer, choices: Choices): Buffer[] {
  switch (choices.below(4)) {
    case 0:
      return [part.map((byte) => byte ^ (1 + choices.below(255)))] as Buffer[];
    case 1:
      return [];
    case 2:
      return [part, part];
    default:
      return [Buffer.from(choices.oneOf(WORDS)), part];
  }
}
