import { expect, test } from 'vitest';
import { errorText } from './error-text.js';

test.each<[string, unknown, string]>([
  ['an error', new Error('no such table'), 'Error: no such table'],
  ['its kind and code', withCode(new TypeError('refused'), 'ECONNREFUSED'), 'TypeError [ECONNREFUSED]: refused'],
  [
    'its causes',
    new Error('job not read', { cause: new Error('no connection', { cause: withCode(new Error(''), 'ETIMEDOUT') }) }),
    'Error: job not read, caused by Error: no connection, caused by Error [ETIMEDOUT]',
  ],
  [
    'the first of several',
    new AggregateError([new Error('::1 refused'), new Error('127.0.0.1 refused')], 'all failed'),
    'AggregateError: all failed, caused by Error: ::1 refused',
  ],
  ['its first line only', new Error('Failed query: insert\nparams: hunter2'), 'Error: Failed query: insert'],
  ['no credentials of a URL', new Error('at postgres://user:hunter2@host/db'), 'Error: at postgres://…@host/db'],
  ['300 characters of a message', new Error('x'.repeat(301)), `Error: ${'x'.repeat(300)}…`],
  ['a thrown text', 'stopped\nhunter2', 'stopped'],
  ['nothing of a thrown object', { password: 'hunter2' }, 'a thrown object'],
  ['a thrown null', null, 'a thrown null'],
])('tells %s', (_, error, text) => {
  expect(errorText(error)).toBe(text);
});

test('ends with causes that go in a circle', () => {
  const error = new Error('round');
  error.cause = error;
  expect(errorText(error)).toBe(Array.from({ length: 5 }, () => 'Error: round').join(', caused by '));
});

function withCode(error: Error, code: string): Error {
  return Object.assign(error, { code });
}
