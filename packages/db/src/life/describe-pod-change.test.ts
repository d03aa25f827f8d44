import { describe, expect, it } from 'vitest';
import { describePodChange } from './describe-pod-change.js';

const pod = { index: 3, attempt: 2, status: 'RUNNING', reason: null, nodeName: 'node-1' } as const;
const failed = { code: 'EXIT_CODE', message: 'Exit code 1' };

describe('the sentence for a pod', () => {
  it.each([
    [{ ...pod, status: 'PENDING', nodeName: null }, 'Index 3, attempt 2, is being prepared'],
    [{ ...pod, status: 'PENDING' }, 'Index 3, attempt 2, is being prepared on node-1'],
    [pod, 'Index 3, attempt 2, is running on node-1'],
    [{ ...pod, status: 'SUCCEEDED' }, 'Index 3, attempt 2, succeeded'],
    [{ ...pod, status: 'FAILED', reason: failed }, 'Index 3, attempt 2, failed: Exit code 1'],
    [{ ...pod, status: 'LOST' }, 'Index 3, attempt 2, was lost'],
  ] as const)('that is new: case %#', (now, sentence) => {
    expect(describePodChange(undefined, now)).toBe(sentence);
  });

  it('is only told where its status or the code of its reason changed', () => {
    expect(describePodChange(pod, { ...pod, nodeName: 'node-2' })).toBeNull();
    expect(
      describePodChange({ ...pod, reason: failed }, { ...pod, reason: { ...failed, message: 'other' } }),
    ).toBeNull();
    expect(describePodChange(pod, { ...pod, reason: failed })).toBe(
      'Index 3, attempt 2, is running on node-1: Exit code 1',
    );
  });
});
