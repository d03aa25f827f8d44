import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { cursorForm } from './cursor.js';

const cursor = cursorForm('pods', z.strictObject({ id: z.string(), index: z.int() }));
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  it('gives back its position', () => {
    expect(cursor.parse('job_1', cursor.format('job_1', { id: 'pod_1', index: 3 }))).toEqual({ id: 'pod_1', index: 3 });
  });

  test.each([
    ['nothing', ''],
    ['nonsense', 'nonsense!'],
    ['JSON that is no cursor', encode({ id: 'pod_1', index: 3 })],
    ['that of another list', encode(['jobs', 'job_1', { id: 'pod_1', index: 3 }])],
    ['that of the same list of another', cursor.format('job_2', { id: 'pod_1', index: 3 })],
    ['a position of another form', encode(['pods', 'job_1', { id: 'pod_1', index: 'three' }])],
    ['more than a position', encode(['pods', 'job_1', { id: 'pod_1', index: 3, more: 1 }])],
    ['one that is longer than any', encode(['pods', 'job_1', { id: 'x'.repeat(1000), index: 3 }])],
  ])('is refused where it is %s', (_, text) => {
    expect(() => cursor.parse('job_1', text)).toThrow('This cursor was not given out by this list');
  });
});
