import { describe, expect, it } from 'vitest';
import { anObservedPod, because, events } from '../testing/observed.js';
import { aKubernetesJob } from '../testing/raw-objects.js';
import { observeJob, type JobSight } from './observe-job.js';
import { parseReasonTable } from './parse-reason-rules.js';
import { noEvents } from './pod-reason.js';
import { findRule } from './reason-rule.js';
import { troubleOf } from './troubles.js';

const sight: JobSight = {
  job: aKubernetesJob({ status: { completedIndexes: '0-1,9' } }),
  completions: 4,
  attempts: [],
  jobEvents: noEvents,
  troubles: [],
  reason: null,
  rules: parseReasonTable('{}').of('any'),
  quietSeconds: 12,
  nowMs: 0,
};

describe('the observation of a Kubernetes Job', () => {
  it('is whole', () => {
    expect(observeJob(sight)).toEqual({
      isLimited: false,
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

describe('a Kubernetes Job', () => {
  it('is hopeless where a policy refuses its pods, unless some run or it is suspended', () => {
    const words = 'pods "a" is forbidden: violates PodSecurity "restricted:latest"';
    const refused = { ...sight, jobEvents: events(['FailedCreate', Date.now(), words]) };
    expect(observeJob(refused).observation.hopeless?.code).toBe('POLICY_REFUSED');
    expect(observeJob({ ...refused, attempts: [anObservedPod()] }).observation.hopeless).toBeNull();
    const job = aKubernetesJob({ spec: { suspend: true } });
    expect(observeJob({ ...refused, job }).observation.hopeless).toBeNull();
  });

  it('is hopeless where a pod of it can never start', () => {
    const rule = findRule(sight.rules, 'CONTAINER_WAITING', 'InvalidImageName', '');
    if (rule === undefined) throw new Error('there is no such rule');
    const troubles = [troubleOf({ rule, words: 'invalid reference format' }, null, sight.nowMs)];
    const attempts = [anObservedPod({ status: 'PENDING', startedAt: null })];
    expect(observeJob({ ...sight, troubles, attempts }).observation.hopeless).toEqual({
      code: 'IMAGE_PULL_FAILED',
      message: 'The image cannot be pulled: invalid reference format',
    });
  });

  it('is hopeless where it can make no pod for as long as its rule says, by what is stored', () => {
    const jobEvents = events(['FailedCreate', Date.now(), 'pods "a" is forbidden: exceeded quota: q']);
    const rules = parseReasonTable('{"default": {"quota": {"failsAfterSeconds": 60}}}').of('any');
    const reason = { ...because('QUOTA_EXCEEDED'), since: new Date(0).toISOString() };
    const after = (seconds: number, given = rules) =>
      observeJob({ ...sight, jobEvents, rules: given, reason, nowMs: seconds * 1_000 }).observation.hopeless?.code;
    expect(after(59)).toBeUndefined();
    expect(after(60)).toBe('QUOTA_EXCEEDED');
    expect(after(100_000, sight.rules)).toBeUndefined();
  });
});
