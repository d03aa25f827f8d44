import { randomBytes } from 'node:crypto';

/** A prefix of the test's own, for all its keys and channels. */
export function testRedisPrefix(): string {
  return `test-${randomBytes(8).toString('hex')}`;
}
