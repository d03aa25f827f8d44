import { describe, expect, test } from 'vitest';
import { isOlder } from './resource-version.js';

describe('isOlder', () => {
  test.each([
    ['9', '10', true],
    ['10', '9', false],
    ['10', '10', false],
    ['9007199254740993', '9007199254740992', false],
    ['99999999999999999999', '100000000000000000000', true],
    ['0', '5', false],
    ['5', 'abc', false],
    ['', '5', false],
    ['05', '6', false],
  ])('%j before %j: %s', (left, right, expected) => {
    expect(isOlder(left, right)).toBe(expected);
  });
});
