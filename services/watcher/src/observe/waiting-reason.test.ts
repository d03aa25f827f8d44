import { describe, expect, it } from 'vitest';
import { anObservedPod, because, events } from '../testing/observed.js';
import { aKubernetesJob } from '../testing/raw-objects.js';
import { parseReasonTable } from './parse-reason-rules.js';
import { creationRefusal, waitingReason } from './waiting-reason.js';

const job = aKubernetesJob();
const rules = parseReasonTable('{}').of('any');
const startMs = job.startTime?.getTime() ?? 0;
const pending = (uid: string, code: string | null) =>
  anObservedPod({ uid, status: 'PENDING', startedAt: null, reason: code === null ? null : because(code) });
const failed = (index: number) =>
  anObservedPod({ uid: `f${index}`, index, status: 'FAILED', reason: because('EXIT_CODE', 'Exit code 1') });

function codeOf(attempts: Parameters<typeof waitingReason>[0]['attempts'], refusal: string | null = null) {
  return waitingReason({ job, attempts, succeeded: [[7, 7]], refusal: refusal === null ? null : because(refusal) })
    ?.code;
}

describe('what a job waits for', () => {
  it.each([
    ['nothing while its pods are being made', [], null, undefined],
    ['nothing while they are merely being prepared', [pending('a', null)], null, undefined],
    ['what its pod waits for', [pending('a', 'UNSCHEDULABLE')], null, 'UNSCHEDULABLE'],
    [
      'the worst of what its pods wait for',
      [pending('a', 'IMAGE_PULLING'), pending('b', 'IMAGE_PULL_RETRYING')],
      null,
      'IMAGE_PULL_RETRYING',
    ],
    ['something new after what is known', [pending('a', 'NEW'), pending('b', 'IMAGE_PULLING')], null, 'IMAGE_PULLING'],
    [
      'what holds up a part of it while another runs',
      [anObservedPod(), pending('b', 'UNSCHEDULABLE')],
      null,
      'UNSCHEDULABLE',
    ],
    ['not a pull while another pod runs', [anObservedPod(), pending('b', 'IMAGE_PULLING')], null, undefined],
    ['a node that does not answer', [anObservedPod({ reason: because('NODE_LOST') })], null, 'NODE_LOST'],
    ['the pause before a retry', [failed(2)], null, 'RETRY_BACKOFF'],
    ['no retry while another index runs', [failed(2), anObservedPod()], null, undefined],
    ['no retry of what has succeeded since', [failed(7)], null, undefined],
    ['the quota where it has no pods', [], 'QUOTA_EXCEEDED', 'QUOTA_EXCEEDED'],
    ['the quota where the pods it has run', [anObservedPod()], 'QUOTA_EXCEEDED', 'QUOTA_EXCEEDED'],
  ])('is %s', (_, attempts, refusal, expected) => {
    expect(codeOf(attempts, refusal)).toBe(expected);
  });

  it('is not said while it is suspended', () => {
    const suspended = aKubernetesJob({ spec: { suspend: true } });
    expect(waitingReason({ job: suspended, attempts: [failed(2)], succeeded: [], refusal: null })).toBeNull();
  });

  it('says of how many pods', () => {
    const attempts = [pending('a', 'UNSCHEDULABLE'), pending('b', 'UNSCHEDULABLE'), anObservedPod()];
    expect(waitingReason({ job, attempts, succeeded: [], refusal: null })?.message).toBe('2 of 3 pods: words');
  });
});

describe('the job controller cannot make pods', () => {
  const quota = 'Error creating: pods "a" is forbidden: exceeded quota: q';
  const refusalOf = (attempts: Parameters<typeof waitingReason>[0]['attempts'], atMs: number, completions = 4) =>
    creationRefusal({ job, attempts, succeeded: [] }, completions, events(['FailedCreate', atMs, quota]), rules)?.code;

  it.each([
    ['where it said so since the release', [], startMs + 1_000, 4, 'QUOTA_EXCEEDED'],
    ['not where that was before the release', [], startMs - 1_000, 4, undefined],
    ['where pods are missing', [anObservedPod()], startMs + 60_000, 4, 'QUOTA_EXCEEDED'],
    [
      'not where it made one since',
      [anObservedPod({ createdAt: new Date(startMs + 70_000) })],
      startMs + 60_000,
      4,
      undefined,
    ],
    ['not where no more are wanted', [anObservedPod()], startMs + 60_000, 1, undefined],
  ])('%s', (_, attempts, atMs, completions, expected) => {
    expect(refusalOf(attempts, atMs, completions)).toBe(expected);
  });
});
