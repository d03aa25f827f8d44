import { describe, expect, it, test } from 'vitest';
import { creationCursor } from './creation-cursor.js';

const cursor = creationCursor('jobs');
const forged = (position: unknown) => Buffer.from(JSON.stringify(['jobs', 'org_1', position])).toString('base64url');

describe('a cursor of a list by age', () => {
  it('gives back its position', () => {
    const position = { createdAt: new Date(1_767_225_600_123), id: 'job_01m89r0v97jy7qpw4s3prw1506' };
    expect(cursor.parse('org_1', cursor.format('org_1', position))).toEqual(position);
  });

  test.each([
    [{ createdAtMs: -1, id: 'job_1' }],
    [{ createdAtMs: 8_640_000_000_000_001, id: 'job_1' }],
    [{ createdAtMs: 0, id: '\0' }],
    [{ createdAtMs: 0, id: '' }],
  ])('is refused where no query could take it: %j', (position) => {
    expect(() => cursor.parse('org_1', forged(position))).toThrow('This cursor was not given out by this list');
  });
});
