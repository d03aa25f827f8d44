import { describe, expect, test } from 'vitest';
import { DateTime } from './date-time.js';

describe('DateTime', () => {
  test.each([
    ['a date', new Date(1_767_225_600_123), '2026-01-01T00:00:00.123Z'],
    ['text', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00.000Z'],
    ['text with nanoseconds', '2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.123Z'],
  ])('writes %s in UTC with milliseconds', (_, value, text) => {
    expect(DateTime.serialize(value)).toBe(text);
  });

  test.each([
    ['2026-01-01T01:00:00+01:00', '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:00.500Z'],
  ])('reads %s', (text, expected) => {
    expect(DateTime.parseValue(text).toISOString()).toBe(expected);
  });

  test.each([
    ['2026-01-01'],
    ['2026-13-01T00:00:00Z'],
    ['2026-01-01T00:00:00'],
    ['tomorrow'],
    [1_767_225_600_000],
    [null],
  ])('refuses %j', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('must be RFC 3339');
  });
});
