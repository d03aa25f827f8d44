import { expect, it } from 'vitest';
import { codeOfReason } from './raw-reasons.js';

it.each([
  ['BackoffLimitExceeded', 'BACKOFF_LIMIT_EXCEEDED'],
  ['DeadlineExceeded', 'DEADLINE_EXCEEDED'],
  ['PodFailurePolicy', 'POD_FAILURE_POLICY'],
  ['FailedIndexes', 'FAILED_INDEXES'],
  ['', 'FAILED'],
])('the reason %s is the code %s', (reason, code) => {
  expect(codeOfReason(reason)).toBe(code);
});
