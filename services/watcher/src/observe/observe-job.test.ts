import { describe, expect, it } from 'vitest';
import { anObservedPod } from '../testing/observed.js';
import { aKubernetesJob } from '../testing/raw-objects.js';
import { observeJob, type JobSight } from './observe-job.js';
import { noEvents } from './pod-reason.js';
import { noTroubles } from './troubles.js';

const sight: JobSight = {
  job: aKubernetesJob({ status: { completedIndexes: '0-1,9' } }),
  completions: 4,
  attempts: [],
  jobEvents: noEvents,
  troubles: noTroubles,
  graces: { imagePullRefusedMs: 1, imagePullMs: 1, startErrorMs: 1 },
  quietSeconds: 12,
  nowMs: 0,
};

describe('the observation of a Kubernetes Job', () => {
  it('is whole', () => {
    expect(observeJob(sight)).toEqual({
      progress: { succeeded: [[0, 1]], running: [], failed: [] },
      observation: {
        kubernetesUid: 'job-uid',
        resourceVersion: '100',
        intent: 1,
        suspended: false,
        livePods: 0,
        quietSeconds: 12,
        ran: false,
        waiting: null,
        verdict: null,
        hopeless: null,
      },
    });
  });

  it('is not quiet while a pod is left', () => {
    const attempts = [
      anObservedPod(),
      anObservedPod({ uid: 'b', status: 'PENDING' }),
      anObservedPod({ uid: 'c', status: 'FAILED' }),
    ];
    expect(observeJob({ ...sight, attempts }).observation).toMatchObject({ livePods: 2, quietSeconds: 0 });
  });

  it.each([
    ['runs', anObservedPod(), true],
    ['ran since the release', anObservedPod({ status: 'SUCCEEDED' }), true],
    ['ran before the release', anObservedPod({ status: 'FAILED', createdAt: new Date('2026-01-01T00:00:01Z') }), false],
    ['has not started', anObservedPod({ status: 'PENDING', startedAt: null }), false],
  ])('knows whether a container has run: one that %s', (_, pod, ran) => {
    expect(observeJob({ ...sight, attempts: [pod] }).observation.ran).toBe(ran);
  });

  it('says that it is suspended when its controller says so, not when it was told to', () => {
    const told = aKubernetesJob({ spec: { suspend: true } });
    const done = aKubernetesJob({
      status: { conditions: [{ type: 'Suspended', status: 'True', reason: 'JobSuspended' }] },
    });
    expect(observeJob({ ...sight, job: told }).observation.suspended).toBe(false);
    expect(observeJob({ ...sight, job: done }).observation.suspended).toBe(true);
  });
});
