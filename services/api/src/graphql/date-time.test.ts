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
    ['2028-02-29T23:59:59-23:59', '2028-03-01T23:58:59.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('reads %s', (text, expected) => {
    expect(DateTime.parseValue(text).toISOString()).toBe(expected);
  });

  test.each([
    ['2026-01-01'],
    ['2026-13-01T00:00:00Z'],
    ['2026-02-30T00:00:00Z'],
    ['2026-01-01T24:00:00Z'],
    ['2026-01-01T00:00:00+24:00'],
    ['0000-12-31T23:59:59Z'],
    ['9999-12-31T23:59:59-00:01'],
    ['2026-01-01T00:00:00'],
    ['tomorrow'],
    [1_767_225_600_000],
    [null],
  ])('refuses %j', (value) => {
    expect(() => DateTime.parseValue(value)).toThrow('must be RFC 3339');
  });
});
