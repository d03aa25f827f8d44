import { describe, expect, it, test } from 'vitest';
import { advance } from './advance.js';
import type { JobEvent } from './job-event.js';
import { jobStatus, type JobState } from './job-state.js';
import { at, events, observed } from './testing/job-events.js';
import { cancelling, placed, running, states, suspending } from './testing/job-states.js';

const after = (state: JobState, ...happened: JobEvent[]): JobState => happened.reduce(advance, state);
const stopOf = { intent: 2, suspended: true, resourceVersion: '201' };

describe('a stop', () => {
  test.each<[string, JobEvent, boolean]>([
    ['at a newer resourceVersion, without a pod', observed(stopOf), true],
    ['at a newer resourceVersion of more digits', observed({ ...stopOf, resourceVersion: '1000' }), true],
    ['at the resourceVersion of the stop itself', observed({ ...stopOf, resourceVersion: '200' }), false],
    ['at an older resourceVersion', observed({ ...stopOf, resourceVersion: '99' }), false],
    ['with a pod left', observed({ ...stopOf, livePods: 1 }), false],
    ['without the condition Suspended', observed({ ...stopOf, suspended: false }), false],
    ['of an older intent', observed({ ...stopOf, intent: 1 }), false],
    ['after 10 quiet seconds', observed({ ...stopOf, resourceVersion: '200', quietSeconds: 10 }), true],
    ['after 9 quiet seconds', observed({ ...stopOf, resourceVersion: '200', quietSeconds: 9 }), false],
    ['of another Kubernetes Job', observed({ ...stopOf, kubernetesUid: 'uid-2' }), false],
  ])('seen %s: %s', (_, seen, stopped) => {
    expect(after(cancelling, seen)).toMatchObject({ phase: 'ENDING', stopped });
    expect(after(suspending, seen)).toMatchObject({ phase: 'ARMED', stopped });
  });

  it('is not done before the API server has acknowledged it', () => {
    const seen = observed({ ...stopOf, quietSeconds: 60 });
    expect(after(states['cancel decided'], seen)).toMatchObject({ stopped: false });
    expect(after(states['cancel decided'], events['stop applied'], seen)).toMatchObject({ stopped: true });
  });

  it('of what was never released is done as soon as it is acknowledged', () => {
    const acknowledged = events['stop applied before release'];
    expect(after(placed, events.armed, events.cancel, acknowledged)).toMatchObject({ stopped: true });
    expect(jobStatus(after(placed, events.armed, events.suspend, acknowledged))).toBe('SUSPENDED');
  });

  it('of what was released after all is not done by its acknowledgement', () => {
    const stopped = after(placed, events.armed, events.cancel, events['release applied'], events['stop applied']);
    expect(stopped).toMatchObject({ phase: 'ENDING', stopped: false });
  });

  it('is decided once, however often and by whomever', () => {
    const suspended = after(running, events.suspend, events.suspend);
    expect(suspended).toMatchObject({ intent: { decided: 2 } });
    expect(after(suspended, events.cancel, events.cancel)).toMatchObject({ armed: { intent: { decided: 2 } } });
    expect(after(running, events.suspend, events.resume, events.cancel)).toMatchObject({
      armed: { want: 'SUSPEND', intent: { decided: 4 } },
    });
  });
});

describe('a verdict of Kubernetes', () => {
  it('stands over a cancel that has not stopped it yet', () => {
    expect(jobStatus(after(cancelling, events.success, events.settled))).toBe('SUCCEEDED');
    expect(after(cancelling, events.failure, events.settled)).toMatchObject({
      outcome: 'FAILED',
      reason: { code: 'BACKOFF_LIMIT_EXCEEDED' },
    });
  });

  it('comes too late once all is stopped', () => {
    expect(jobStatus(after(cancelling, events['pods stopped'], events.success, events.settled))).toBe('CANCELLED');
  });

  it('waits for the last pod', () => {
    const ending = after(running, events['success, pods ending'], events.settled);
    expect(jobStatus(ending)).toBe('FINISHING');
    expect(jobStatus(after(ending, events.success, events.settled))).toBe('SUCCEEDED');
  });
});

describe('a cluster that does not answer', () => {
  it('is the reason only until it answers', () => {
    const lost = events['cluster unreachable'];
    const reason = (state: JobState) => state.reason?.code ?? null;
    expect(reason(after(running, lost))).toBe('CLUSTER_UNREACHABLE');
    expect(reason(after(running, lost, events['pods running']))).toBe(null);
    expect(reason(after(suspending, lost, events['pods stopping']))).toBe('SUSPEND_REQUESTED');
    expect(reason(after(states.suspended, lost, events['pods stopped']))).toBe('SUSPEND_REQUESTED');
    expect(reason(after(cancelling, lost))).toBe('CLUSTER_UNREACHABLE');
    expect(reason(after(cancelling, lost, events['pods stopping']))).toBe('CANCELLED');
  });

  it('is never why a job ended', () => {
    const lost = events['cluster unreachable'];
    const failing = after(running, events.hopeless, events['stop applied'], lost);
    expect(after(failing, events.gone, events.settled)).toMatchObject({ reason: { code: 'IMAGE_PULL_FAILED' } });
    expect(after(cancelling, lost, events['pods stopped'], events.settled)).toMatchObject({
      reason: { code: 'CANCELLED' },
    });
  });
});

describe('a reason', () => {
  const waiting = (code: string, message: string, time: string): JobEvent => ({
    type: 'PLACEMENT_WAITING',
    code,
    message,
    at: time,
  });

  it('keeps its time while only its words change', () => {
    const first = after(states.queued, waiting('WAITING_FOR_CAPACITY', 'Waits for 3', '2026-01-02T00:00:00Z'));
    const same = after(first, waiting('WAITING_FOR_CAPACITY', 'Waits for 2', '2026-01-03T00:00:00Z'));
    expect(same.reason).toEqual({
      code: 'WAITING_FOR_CAPACITY',
      message: 'Waits for 2',
      since: '2026-01-02T00:00:00Z',
    });
    const other = after(same, waiting('CLUSTER_UNREACHABLE', 'east is away', '2026-01-04T00:00:00Z'));
    expect(other.reason?.since).toBe('2026-01-04T00:00:00Z');
  });
});

describe('a job that ended', () => {
  it('is clean at once where nothing of it was ever placed', () => {
    expect(after(states.queued, events.cancel, events.settled)).toMatchObject({ phase: 'ENDED', cleaned: true });
    expect(after(placed, events.cancel, events.settled)).toMatchObject({ phase: 'ENDED', cleaned: false });
  });

  it('finished when it settled', () => {
    expect(after(states.succeeded, events.settled)).toMatchObject({ finishedAt: at, kubernetesUid: 'uid-1' });
  });
});
