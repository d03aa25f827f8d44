import { expect, test } from 'vitest';
import { isTooDeep } from './json-depth.js';

const long = ' '.repeat(64 * 1024);
const nested = (depth: number, open: string, close: string) => `${open.repeat(depth)}1${close.repeat(depth)}`;

test.each([
  ['lists as deep as may be', nested(500, '[', ']'), false],
  ['deeper lists', nested(501, '[', ']'), true],
  ['deeper objects', nested(501, '{"a":', '}'), true],
  ['lists beside each other', `[${'[[]],'.repeat(10_000)}[]]`, false],
  ['brackets in a text', `{"a":"${'['.repeat(10_000)}"}`, false],
  ['brackets after an escaped quote', `{"a":"\\"${'['.repeat(10_000)}"}`, false],
  ['a text that ends in a backslash', `["\\\\",${nested(501, '[', ']')}]`, true],
])('of %s is told whether they are too deep', (_, text, isDeep) => {
  expect(isTooDeep(`${long}${text}`)).toBe(isDeep);
});

test('what is short is parsed as it is', () => {
  expect(isTooDeep(nested(1_000, '[', ']'))).toBe(false);
});
