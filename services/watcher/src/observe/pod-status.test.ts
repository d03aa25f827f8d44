import { describe, expect, it } from 'vitest';
import { anAttempt, terminated, waiting, withContainer } from '../testing/raw-objects.js';
import { hasStarted, isLive, podStatus } from './pod-status.js';

const running = { running: { startedAt: '2026-01-01T00:00:20Z' } };

describe('the status of a pod', () => {
  it.each([
    ['has no node yet', { phase: 'Pending' }, 'PENDING'],
    ['is being prepared on its node', waiting('ContainerCreating'), 'PENDING'],
    ['runs', withContainer('Running', running), 'RUNNING'],
    [
      'has a container that exited, and no verdict of its own yet',
      withContainer('Running', terminated(0, 'Completed')),
      'RUNNING',
    ],
    ['is on a node that does not answer', withContainer('Unknown', running), 'RUNNING'],
    ['has succeeded', withContainer('Succeeded', terminated(0, 'Completed')), 'SUCCEEDED'],
    ['has failed', withContainer('Failed', terminated(1, 'Error')), 'FAILED'],
    ['was evicted before it had a container', { phase: 'Failed', reason: 'Evicted' }, 'FAILED'],
  ])('that %s', (_, status, expected) => {
    expect(podStatus(anAttempt({ status }))).toBe(expected);
  });

  it('is that of a live one until its own phase is final, also while it is being removed', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:00:40Z' };
    expect(isLive(anAttempt({ metadata, status: withContainer('Running', running) }))).toBe(true);
    expect(isLive(anAttempt({ metadata, status: withContainer('Failed', terminated(143, 'Error')) }))).toBe(false);
  });

  it.each([
    [waiting('ContainerCreating'), false],
    [withContainer('Running', running), true],
    [withContainer('Failed', terminated(1, 'Error')), true],
    [withContainer('Failed', terminated(128, 'StartError', { startedAt: '1970-01-01T00:00:00Z' })), false],
  ])('tells whether a container of it ever ran: case %#', (status, expected) => {
    expect(hasStarted(anAttempt({ status }))).toBe(expected);
  });
});
