import { describe, expect, test } from 'vitest';
import { armedUid, jobStatus, needsDispatcher, type JobStatus } from './job-state.js';
import { states, type StateName } from './testing/job-states.js';

const names = Object.keys(states) as StateName[];

describe('jobStatus', () => {
  const expected: Record<StateName, JobStatus> = {
    queued: 'QUEUED',
    held: 'SUSPENDED',
    placed: 'QUEUED',
    armed: 'STARTING',
    released: 'STARTING',
    running: 'RUNNING',
    'suspend decided': 'RUNNING',
    'suspend decided before release': 'STARTING',
    suspending: 'RUNNING',
    suspended: 'SUSPENDED',
    'resuming before it has stopped': 'RUNNING',
    resuming: 'SUSPENDED',
    'cancel decided': 'CANCELLING',
    'cancel decided before release': 'CANCELLING',
    cancelling: 'CANCELLING',
    'cancelled, never armed': 'CANCELLING',
    succeeding: 'FINISHING',
    succeeded: 'FINISHING',
    ended: 'SUCCEEDED',
    cleaned: 'SUCCEEDED',
  };
  test.each(names)('of a %s job', (name) => {
    expect(jobStatus(states[name])).toBe(expected[name]);
  });
});

describe('needsDispatcher', () => {
  const needy: readonly StateName[] = [
    'queued',
    'placed',
    'armed',
    'suspend decided',
    'suspend decided before release',
    'resuming before it has stopped',
    'resuming',
    'cancel decided',
    'cancel decided before release',
    'ended',
  ];
  test.each(names)('of a %s job', (name) => {
    expect(needsDispatcher(states[name])).toBe(needy.includes(name));
  });
});

describe('armedUid', () => {
  const unarmed: readonly StateName[] = ['queued', 'held', 'placed', 'cancelled, never armed'];
  test.each(names)('of a %s job', (name) => {
    expect(armedUid(states[name])).toBe(unarmed.includes(name) ? null : 'uid-1');
  });
});
