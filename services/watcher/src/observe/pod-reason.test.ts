import { describe, expect, it } from 'vitest';
import { anAttempt, condition, terminated, waiting, withContainer, type RawPodParts } from '../testing/raw-objects.js';
import { events } from '../testing/observed.js';
import { causeOf } from './finding.js';
import { parseReasonTable } from './parse-reason-rules.js';
import { noEvents, podReason, type PodContext } from './pod-reason.js';
import { podStatus } from './pod-status.js';

const rules = parseReasonTable('{}').of('any');
const context: PodContext = { rules, events: noEvents, isNodeReady: true, isCounted: false };
const running = { running: { startedAt: '2026-01-01T00:00:20Z' } };
const stopped = { deletionTimestamp: '2026-01-01T00:01:10Z', deletionGracePeriodSeconds: 30 };

function reasonOf(parts: RawPodParts, overrides: Partial<PodContext> = {}) {
  const pod = anAttempt(parts);
  const finding = podReason(pod, podStatus(pod), { ...context, ...overrides });
  return finding === null ? null : causeOf(finding);
}

const unscheduled = (reason: string, message: string): RawPodParts => ({
  spec: { nodeName: undefined },
  status: { phase: 'Pending', conditions: [condition('PodScheduled', 'False', reason, message)] },
});

const WAITING: [string, RawPodParts, string, string][] = [
  [
    'no node takes it',
    unscheduled('Unschedulable', '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.'),
    'UNSCHEDULABLE',
    'too few nvidia.com/gpu',
  ],
  ['a gate holds it', unscheduled('SchedulingGated', 'waiting for gate x'), 'SCHEDULING_GATED', 'waiting for gate x'],
  [
    'the image is not found',
    { status: waiting('ErrImagePull', 'manifest unknown') },
    'IMAGE_PULL_RETRYING',
    'manifest unknown',
  ],
  [
    'the next pull is put off',
    { status: waiting('ImagePullBackOff', 'Back-off pulling image "a:b"') },
    'IMAGE_PULL_RETRYING',
    'Back-off',
  ],
  [
    "the image's name is none",
    { status: waiting('InvalidImageName', 'invalid reference format') },
    'IMAGE_PULL_FAILED',
    'invalid reference',
  ],
  [
    'a Secret is missing',
    { status: waiting('CreateContainerConfigError', 'secret "x" not found') },
    'CONFIG_ERROR',
    'secret "x"',
  ],
  [
    'the container cannot be made',
    { status: waiting('CreateContainerError', 'no such device') },
    'CONTAINER_START_FAILED',
    'no such device',
  ],
  ['of something new', { status: waiting('SomethingNew', 'words') }, 'SOMETHING_NEW', 'SomethingNew: words'],
];

describe('why a pod waits', () => {
  it.each(WAITING)('because %s', (_, parts, code, words) => {
    expect(reasonOf(parts)).toEqual({ code, message: expect.stringContaining(words) });
  });

  it('is not said while it is merely being created', () => {
    expect(reasonOf({ status: waiting('ContainerCreating') })).toBeNull();
    expect(reasonOf({ spec: { nodeName: undefined } })).toBeNull();
  });

  it('is the pull of its image from the event that begins it to the one that ends it', () => {
    const creating = { status: waiting('ContainerCreating') };
    expect(reasonOf(creating, { events: events(['Pulling', 1_000]) })?.code).toBe('IMAGE_PULLING');
    expect(reasonOf(creating, { events: events(['Pulling', 1_000], ['Pulled', 1_000]) })).toBeNull();
    expect(reasonOf(creating, { events: events(['Pulling', 3_000], ['Pulled', 1_000]) })?.code).toBe('IMAGE_PULLING');
  });

  it('is trouble of its node until the pull begins', () => {
    const creating = { status: waiting('ContainerCreating') };
    const failed = ['FailedCreatePodSandBox', 2_000, 'no network'] as const;
    expect(reasonOf(creating, { events: events(failed) })).toEqual({
      code: 'POD_SETUP_FAILED',
      message: 'node-1 cannot set up the pod yet: no network',
    });
    expect(reasonOf(creating, { events: events(failed, ['Pulling', 3_000]) })?.code).toBe('IMAGE_PULLING');
  });

  it('has the words of the event where the status has none', () => {
    const reason = reasonOf(
      { status: waiting('ErrImagePull') },
      { events: events(['Failed', 1, 'pull access denied']) },
    );
    expect(reason?.message).toContain('pull access denied');
  });
});

describe('a running pod', () => {
  it('has no reason, unless its node does not answer or it is being evicted', () => {
    const status = withContainer('Running', running);
    expect(reasonOf({ status })).toBeNull();
    expect(reasonOf({ status }, { isNodeReady: false })?.code).toBe('NODE_LOST');
    expect(reasonOf({ status: withContainer('Unknown', running) })?.code).toBe('NODE_LOST');
    const evicted = withContainer('Running', running, {
      conditions: [condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI')],
    });
    expect(reasonOf({ status: evicted })?.code).toBe('EVICTED');
  });
});

const disrupted = (reason: string): RawPodParts => ({
  status: withContainer('Failed', terminated(137, 'Error'), {
    conditions: [condition('DisruptionTarget', 'True', reason, 'words')],
  }),
});

describe('why a pod failed', () => {
  it.each<[string, RawPodParts, string, string]>([
    ['its container said so', { status: withContainer('Failed', terminated(3, 'Error')) }, 'EXIT_CODE', 'Exit code 3'],
    [
      'a signal killed it',
      { status: withContainer('Failed', terminated(139, 'Error')) },
      'EXIT_CODE',
      'Exit code 139 (SIGSEGV)',
    ],
    [
      'it ran out of memory',
      { status: withContainer('Failed', terminated(137, 'OOMKilled')) },
      'OOM_KILLED',
      'Out of memory',
    ],
    [
      'its command is not there',
      { status: withContainer('Failed', terminated(128, 'StartError', { message: 'exec: "nope": not found' })) },
      'CONTAINER_START_FAILED',
      'exec: "nope": not found',
    ],
    ['it was preempted', disrupted('PreemptionByScheduler'), 'PREEMPTED', 'PreemptionByScheduler: words'],
    ['it was drained', disrupted('EvictionByEvictionAPI'), 'EVICTED', 'words'],
    ['its node ran short', disrupted('TerminationByKubelet'), 'EVICTED', 'words'],
    ['its node was lost', disrupted('DeletionByTaintManager'), 'NODE_LOST', 'words'],
    ['its node is gone', disrupted('DeletionByPodGC'), 'NODE_LOST', 'words'],
    [
      'it was evicted before it ran',
      { status: { phase: 'Failed', reason: 'Evicted', message: 'low on disk' } },
      'EVICTED',
      'low on disk',
    ],
    [
      'its node refused it',
      { status: { phase: 'Failed', reason: 'OutOfnvidia.com/gpu', message: 'none left' } },
      'NODE_REFUSED',
      'none left',
    ],
    [
      'it was told to stop',
      { metadata: stopped, status: withContainer('Failed', terminated(143, 'Error')) },
      'STOPPED',
      'Exit code 143 (SIGTERM)',
    ],
    ['nobody knows', { status: { phase: 'Failed' } }, 'POD_FAILED', 'without a result'],
  ])('because %s', (_, parts, code, words) => {
    expect(reasonOf(parts)).toEqual({ code, message: expect.stringContaining(words) });
  });

  it('is its own exit where it was told to stop only after that', () => {
    const metadata = { deletionTimestamp: '2026-01-01T00:05:00Z', deletionGracePeriodSeconds: 30 };
    expect(reasonOf({ metadata, status: withContainer('Failed', terminated(1, 'Error')) })?.code).toBe('EXIT_CODE');
  });
});

describe('a pod that succeeded', () => {
  const succeeded = withContainer('Succeeded', terminated(0, 'Completed'));
  const disruption = { conditions: [condition('DisruptionTarget', 'True', 'EvictionByEvictionAPI', 'drained')] };

  it.each<[string, RawPodParts, boolean, string | undefined]>([
    ['has no reason where it is counted', { status: succeeded }, true, undefined],
    ['has none while it is not counted yet', { status: succeeded }, false, undefined],
    [
      'says so where it counts although it was disrupted',
      { status: { ...succeeded, ...disruption } },
      true,
      'SUCCEEDED_AFTER_DISRUPTION',
    ],
    [
      'says so where it exited with 0 because it was told to stop',
      { metadata: stopped, status: succeeded },
      false,
      'STOPPED',
    ],
    [
      'has none where it was told to stop and counts all the same',
      { metadata: stopped, status: succeeded },
      true,
      undefined,
    ],
  ])('%s', (_, parts, isCounted, code) => {
    expect(reasonOf(parts, { isCounted })?.code).toBe(code);
  });
});
