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
    start: null,
  });
});

it.each([
  ['another kind of object', { involvedObject: { kind: 'Node', uid: 'n' } }],
  ['an object without uid', { involvedObject: { kind: 'Pod' } }],
  ['nothing that is used', { reason: 'SuccessfulCreate' }],
])('an event about %s is not kept', (_, overrides) => {
  expect(parseKubernetesEvent({ ...event, ...overrides })).toBeUndefined();
});

it('tells which attempt has started', () => {
  const name = 'train-01m8a5cvq80qkcnbmt7v1fn3v6-4-lz89m';
  const started = { ...event, reason: 'Started', involvedObject: { kind: 'Pod', uid: 'pod-uid', name } };
  const start = { jobId: 'job_01m8a5cvq80qkcnbmt7v1fn3v6', index: 4, uid: 'pod-uid', name };
  expect(parseKubernetesEvent(started)?.start).toEqual({ ...start, at: new Date('2026-01-01T00:00:00Z') });
  const anothers = { ...started, involvedObject: { ...started.involvedObject, name: 'web-0' } };
  expect(parseKubernetesEvent(anothers)?.start).toBeNull();
});
