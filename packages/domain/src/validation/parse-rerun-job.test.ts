import { describe, expect, it } from 'vitest';
import { parseRerunJob } from './parse-rerun-job.js';
import { issuesOf } from './testing/issues-of.js';

describe('a re-run', () => {
  it('is of all tasks, placed as before, where nothing else is said', () => {
    const plain = { requestId: null, name: 'again', onlyFailed: false, placement: null };
    expect(parseRerunJob({ name: 'again' })).toEqual(plain);
    expect(parseRerunJob({ name: 'again', requestId: null, onlyFailed: null, placement: null })).toEqual(plain);
  });

  it('may be placed anywhere, which is not the same as where it was', () => {
    expect(parseRerunJob({ name: 'again', placement: {} }).placement).toMatchObject({ clusterId: null, regions: null });
  });

  it('is refused with all that is wrong with it', () => {
    const input = { name: 'Again', requestId: '', placement: { minGpuCount: -1 } };
    expect(issuesOf(() => parseRerunJob(input))).toEqual([
      'requestId INVALID',
      'name INVALID',
      'placement.minGpuCount INVALID',
    ]);
  });
});
