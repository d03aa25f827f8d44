import { expect, it } from 'vitest';
import { toRecords } from './to-records.js';

it('a gap takes the stamp of the line before it, or the time of now', () => {
  const gap = { kind: 'gap', code: 'LOG_ROTATED', message: 'Rotated', lines: null } as const;
  const line = { kind: 'line', stamp: 's1', bytes: Buffer.from('a'), continued: false } as const;
  expect(toRecords([gap, line, gap], 'now').map((record) => record.stamp)).toEqual(['now', 's1', 's1']);
});
