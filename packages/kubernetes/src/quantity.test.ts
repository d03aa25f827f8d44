import { describe, expect, test } from 'vitest';
import { parseQuantity } from './quantity.js';

describe('parseQuantity', () => {
  // The accepted and refused forms of apimachinery's own resource/quantity_test.go.
  test.each<[string, bigint]>([
    ['0', 0n],
    ['0n', 0n],
    ['0Ki', 0n],
    ['1', 1_000n],
    ['+5', 5_000n],
    ['-5', -5_000n],
    ['.5', 500n],
    ['1.', 1_000n],
    ['1500m', 1_500n],
    ['100m', 100n],
    ['1n', 1n],
    ['-1n', -1n],
    ['999u', 1n],
    ['1001u', 2n],
    ['1.5Ki', 1_536_000n],
    ['16Gi', 17_179_869_184_000n],
    ['1Ei', 1_152_921_504_606_846_976_000n],
    ['8', 8_000n],
    ['12k', 12_000_000n],
    ['1E', 10n ** 21n],
    ['1E3', 1_000_000n],
    ['1e3', 1_000_000n],
    ['5e-3', 5n],
    ['12.34e+1', 123_400n],
    ['0.000000001', 1n],
  ])('reads %s', (text, thousandths) => {
    expect(parseQuantity(text)).toBe(thousandths);
  });

  test.each([
    '',
    ' 1',
    '1 ',
    'abc',
    '.',
    '-',
    '1K',
    '1mi',
    '1Mi0',
    '1_000',
    '0x10',
    '1e',
    '1e99',
    '1.1.M',
    '1i',
    'Ki',
    `1${'0'.repeat(50)}`,
  ])('refuses %j', (text) => {
    expect(() => parseQuantity(text)).toThrow(RangeError);
  });
});
