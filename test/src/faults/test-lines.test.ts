import { describe, expect, it } from 'vitest';

import { formatTestLine, linesScript, parseLine } from './test-lines.js';

const line = {
  number: 12,
  count: 500,
  index: 3,
  completions: 4,
  hostname: 'train-01m85hp1q0q3ameb56t6eqw8p2-3',
  run: '0123abcd',
};
const text = formatTestLine(line);

describe('a line of a test pod', () => {
  it('says which it is', () => {
    expect(parseLine(text)).toEqual(line);
  });

  it.each([
    ['another number', text.replace('#12/', '#13/')],
    ['another index', text.replace('task 3/', 'task 2/')],
    ['another pod', text.replace('qw8p2', 'qw8p3')],
    ['another start', text.replace('0123abcd', '0123abce')],
    ['its end lost', text.slice(0, -1)],
    ['its middle lost', text.replace('task 3/4', 'task')],
    ['two in one', `${text}${text}`],
  ])('is told from one with %s', (_, damaged) => {
    expect(parseLine(damaged)).toBe('DAMAGED');
  });

  it('is told from any other text', () => {
    expect(parseLine('epoch 1: loss 0.3')).toBeUndefined();
  });

  it('is written by a script that a shell word can hold', () => {
    expect(linesScript(5)).toContain('-v n=5 ');
    expect(linesScript(5, { linesPerSecond: 2 })).toContain('k % 2 == 0');
  });
});
