import type { EndedState } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import { retentionLeftMs } from './clean-up-job.js';

const finishedAt = '2026-01-01T00:00:00.000Z';
const finishedMs = Date.parse(finishedAt);
const succeeded: EndedState = {
  phase: 'ENDED',
  outcome: 'SUCCEEDED',
  placement: null,
  kubernetesUid: 'u',
  finishedAt,
  cleaned: false,
  reason: null,
};

describe('retentionLeftMs', () => {
  it.each([
    ['just ended', succeeded, 0, 60_000],
    ['half way', succeeded, 30_000, 30_000],
    ['over', succeeded, 60_000, 0],
    ['long over', succeeded, 1_000_000, 0],
    ['failed', { ...succeeded, outcome: 'FAILED' as const }, 0, 60_000],
    ['cancelled', { ...succeeded, outcome: 'CANCELLED' as const }, 0, 0],
    ['never armed', { ...succeeded, outcome: 'FAILED' as const, kubernetesUid: null }, 0, 0],
  ])('of a job that %s', (_, state, elapsedMs, leftMs) => {
    expect(retentionLeftMs(state, 60_000, finishedMs + elapsedMs)).toBe(leftMs);
  });
});
