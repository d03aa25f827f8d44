import { describe, expect, it } from 'vitest';
import { anObservedPod, because } from '../testing/observed.js';
import { jobVerdict } from './job-verdict.js';

const condition = (type: string, reason: string, message = 'words') => ({ type, status: 'True', reason, message });
const failed = (overrides: object = {}) =>
  anObservedPod({ status: 'FAILED', reason: because('EXIT_CODE', 'Exit code 1'), ...overrides });

describe('the verdict on a Kubernetes Job', () => {
  it('is open until a condition says otherwise', () => {
    expect(jobVerdict([], [failed()])).toBeNull();
    expect(jobVerdict([{ type: 'Complete', status: 'False', reason: '', message: '' }], [])).toBeNull();
    expect(jobVerdict([condition('Suspended', 'JobSuspended')], [])).toBeNull();
  });

  it.each([
    ['SuccessCriteriaMet', 'CompletionsReached', { outcome: 'SUCCEEDED', code: 'COMPLETIONS_REACHED', final: false }],
    ['Complete', 'CompletionsReached', { outcome: 'SUCCEEDED', code: 'COMPLETIONS_REACHED', final: true }],
    ['FailureTarget', 'DeadlineExceeded', { outcome: 'FAILED', code: 'DEADLINE_EXCEEDED', final: false }],
    ['Failed', 'DeadlineExceeded', { outcome: 'FAILED', code: 'DEADLINE_EXCEEDED', final: true }],
    ['Failed', 'PodFailurePolicy', { outcome: 'FAILED', code: 'POD_FAILURE_POLICY', final: true }],
  ])('by the condition %s, %s', (type, reason, expected) => {
    expect(jobVerdict([condition(type, reason)], [])).toMatchObject({ ...expected, message: 'words' });
  });

  it('tells of the last failure where the limit of failures is reached', () => {
    const pods = [
      failed({ uid: 'b', index: 2, finishedAt: new Date(2_000), reason: because('OOM_KILLED', 'Out of memory') }),
      failed({ uid: 'a', index: 1, finishedAt: new Date(1_000) }),
    ];
    expect(jobVerdict([condition('Failed', 'BackoffLimitExceeded', 'Limit reached')], pods)).toEqual({
      outcome: 'FAILED',
      code: 'BACKOFF_LIMIT_EXCEEDED',
      message: 'Limit reached. The last failure, index 2: Out of memory',
      final: true,
    });
  });

  it('is that the container could not be started where no attempt ever was', () => {
    const pods = [failed({ reason: because('CONTAINER_START_FAILED', 'exec: not found') })];
    const conditions = [
      condition('FailureTarget', 'BackoffLimitExceeded'),
      condition('Failed', 'BackoffLimitExceeded'),
    ];
    expect(jobVerdict(conditions, pods)).toMatchObject({ code: 'CONTAINER_START_FAILED', final: true });
    expect(jobVerdict(conditions, [...pods, failed({ uid: 'b' })])).toMatchObject({ code: 'BACKOFF_LIMIT_EXCEEDED' });
  });
});
