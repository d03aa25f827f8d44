import { describe, expect, it, test } from 'vitest';
import { advance } from './advance.js';
import { describeTransition, type TransitionDescription } from './describe-transition.js';
import { events, type EventName } from './testing/job-events.js';
import { states, type StateName } from './testing/job-states.js';

function described(stateName: StateName, eventName: EventName): TransitionDescription | null {
  const [state, event] = [states[stateName], events[eventName]];
  return describeTransition(state, advance(state, event), event);
}

describe('describeTransition', () => {
  test.each<[StateName, EventName, string]>([
    ['queued', 'placement decided', 'PLACED: small on east'],
    ['queued', 'placement waiting', 'STATUS_CHANGED: Waits for room'],
    ['placed', 'placement undone', 'STATUS_CHANGED: east refused'],
    ['placed', 'armed', 'DISPATCHED: Sent to east'],
    ['queued', 'dispatch refused', 'STATUS_CHANGED: denied'],
    ['released', 'pods waiting', 'STATUS_CHANGED: 0/4 nodes are available'],
    ['released', 'pods running', 'STATUS_CHANGED: Running'],
    ['running', 'cluster unreachable', 'STATUS_CHANGED: east does not answer'],
    ['running', 'suspend', 'SUSPEND_REQUESTED: Suspended by ann'],
    ['suspending', 'pods stopped', 'STATUS_CHANGED: Suspended by ann'],
    ['suspended', 'resume', 'RESUME_REQUESTED: Resumed on east'],
    [
      'suspended',
      'resume within a limit',
      'RESUME_REQUESTED: Resumed by ann, within the GPU limit of the organization',
    ],
    ['resuming', 'resume allowed', 'STATUS_CHANGED: Resumed on east'],
    ['held', 'resume', 'RESUME_REQUESTED: Resumed'],
    ['running', 'cancel', 'CANCEL_REQUESTED: Cancelled by ann'],
    ['running', 'success', 'STATUS_CHANGED: Finishing'],
    ['running', 'failure', 'STATUS_CHANGED: Too many failed'],
    ['running', 'gone', 'STATUS_CHANGED: Removed in east'],
    ['running', 'cluster abandoned', 'STATUS_CHANGED: east was removed'],
    ['cancelling', 'cluster abandoned', 'STATUS_CHANGED: east was removed'],
    ['succeeded', 'settled', 'FINISHED: Succeeded'],
    ['cancelled, never armed', 'settled', 'FINISHED: Cancelled by ann'],
  ])('tells of a %s job with %s', (stateName, eventName, told) => {
    const description = described(stateName, eventName);
    expect(`${description?.type}: ${description?.message}`).toBe(told);
  });

  test.each<[StateName, EventName]>([
    ['armed', 'release applied'],
    ['cancelling', 'pods stopped'],
    ['ended', 'cleaned'],
    ['ended', 'cancel'],
    ['running', 'another Kubernetes Job'],
  ])('tells nothing of a %s job with %s', (stateName, eventName) => {
    expect(described(stateName, eventName)).toBeNull();
  });

  it('tells a cancel with its reason', () => {
    const event = { ...events.cancel, reason: 'wrong image' };
    const after = advance(states.running, event);
    expect(describeTransition(states.running, after, event)?.message).toBe('Cancelled by ann: wrong image');
  });

  it('tells nothing where only the words of a reason changed', () => {
    const before = advance(states.queued, events['placement waiting']);
    const event = { ...events['placement waiting'], message: 'Waits for more room' };
    expect(describeTransition(before, advance(before, event), event)).toBeNull();
  });
});
