import { expect, it } from 'vitest';
import { parseKubernetesEvent } from './kubernetes-event.js';

const event = {
  metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
  involvedObject: { kind: 'Job', uid: 'job-uid' },
  reason: 'FailedCreate',
  message: 'exceeded quota',
};

it.each([
  ['its creation', {}, '2026-01-01T00:00:00Z'],
  ['when it last happened', { lastTimestamp: '2026-01-01T00:00:05Z', eventTime: null }, '2026-01-01T00:00:05Z'],
  ['its own time', { lastTimestamp: null, eventTime: '2026-01-01T00:00:06.5Z' }, '2026-01-01T00:00:06.5Z'],
  ['the newest of its series', { series: { lastObservedTime: '2026-01-01T00:00:09Z' } }, '2026-01-01T00:00:09Z'],
])('the time of an event is %s', (_, times, expected) => {
  expect(parseKubernetesEvent({ ...event, ...times })).toEqual({
    subjectUid: 'job-uid',
    reason: 'FailedCreate',
    message: 'exceeded quota',
    atMs: Date.parse(expected),
  });
});

it.each([
  ['another kind of object', { involvedObject: { kind: 'Node', uid: 'n' } }],
  ['an object without uid', { involvedObject: { kind: 'Pod' } }],
  ['nothing that is used', { reason: 'SuccessfulCreate' }],
])('an event about %s is not kept', (_, overrides) => {
  expect(parseKubernetesEvent({ ...event, ...overrides })).toBeUndefined();
});
