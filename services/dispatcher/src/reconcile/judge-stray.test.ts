import type { JobState, PlacementDecision } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import type { SeenKubernetesJob } from '../cluster/cluster-writer.js';
import { judgeStray, STRAY_AGE_MS } from './judge-stray.js';

const placement: PlacementDecision = {
  clusterId: 'here',
  clusterName: 'here',
  instanceTypeId: 'it_1',
  instanceTypeName: 'small',
  namespace: 'jobs',
  decidedAt: '2026-01-01T00:00:00.000Z',
  explanation: 'only one',
};
const intent = { decided: 1, applied: 1, released: true, resourceVersion: '5', appliedAt: '2026-01-01T00:00:00Z' };
const queued: JobState = { phase: 'QUEUED', held: false, reason: null };
const placed: JobState = { phase: 'PLACED', placement, reason: null };
const placedElsewhere: JobState = { ...placed, placement: { ...placement, clusterId: 'elsewhere' } };
const armed = (kubernetesUid: string): JobState => ({
  phase: 'ARMED',
  placement,
  kubernetesUid,
  want: 'RUN',
  resuming: false,
  intent,
  ran: false,
  stopped: false,
  reason: null,
});
const ended = (cleaned: boolean): JobState => ({
  phase: 'ENDED',
  outcome: 'SUCCEEDED',
  placement,
  kubernetesUid: 'u',
  finishedAt: '2026-01-01T00:00:00.000Z',
  cleaned,
  reason: null,
});

const seen: SeenKubernetesJob = {
  namespace: 'jobs',
  name: 'a',
  uid: 'u',
  resourceVersion: '1',
  jobId: 'job_1',
  clusterId: 'here',
  epoch: 4,
  intent: 0,
  suspended: true,
  deleting: false,
};
const released = { ...seen, suspended: false };

describe('judgeStray', () => {
  it.each([
    ['no row', seen, undefined, 'DELETE'],
    ['no row, but it runs', released, undefined, 'ALARM'],
    ['no row, but its deletion has begun', { ...seen, deleting: true }, undefined, 'KEEP'],
    ['its job waits for a cluster', seen, { epoch: 4, state: queued }, 'DELETE'],
    ['its job is being posted here by the same claim', seen, { epoch: 4, state: placed }, 'KEEP'],
    ['its job is being posted here by a newer claim', seen, { epoch: 5, state: placed }, 'DELETE'],
    ['its job is being posted elsewhere', seen, { epoch: 4, state: placedElsewhere }, 'DELETE'],
    ['it is armed', released, { epoch: 4, state: armed('u') }, 'KEEP'],
    ['another is armed', seen, { epoch: 4, state: armed('other') }, 'DELETE'],
    ['another is armed, but it runs', released, { epoch: 4, state: armed('other') }, 'ALARM'],
    ['its job has ended and is still to be cleaned up', released, { epoch: 4, state: ended(false) }, 'KEEP'],
    ['its job was cleaned up', released, { epoch: 4, state: ended(true) }, 'DELETE'],
  ] as const)('where %s', (_, kubernetesJob, row, judgement) => {
    const owner = row === undefined ? undefined : { id: 'job_1', ...row };
    expect(judgeStray(kubernetesJob, owner, 'here', STRAY_AGE_MS)).toBe(judgement);
  });

  it.each([
    ['a cluster that this one was before', { ...seen, jobId: null, clusterId: 'before' }, 'DELETE'],
    ['a cluster that this one was before, though it runs', { ...released, jobId: null, clusterId: 'before' }, 'DELETE'],
    ['another cluster', { ...seen, jobId: null, clusterId: 'other' }, 'KEEP'],
    ['no cluster', { ...released, jobId: null, clusterId: null }, 'KEEP'],
  ])('where it was made for %s', (_, kubernetesJob, judgement) => {
    const predecessors = new Set(['before']);
    expect(judgeStray(kubernetesJob, undefined, 'here', STRAY_AGE_MS, predecessors)).toBe(judgement);
    expect(judgeStray(kubernetesJob, undefined, 'here', STRAY_AGE_MS - 1, predecessors)).toBe('KEEP');
  });

  it('leaves a fresh one alone, whatever it looks like', () => {
    expect(judgeStray(seen, undefined, 'here', STRAY_AGE_MS - 1)).toBe('KEEP');
    expect(judgeStray(released, undefined, 'here', 0)).toBe('KEEP');
  });
});
