import { reasonSince, type PodReason } from '@ccluster/db';
import { describe, expect, it } from 'vitest';
import { anObservedPod, because } from '../testing/observed.js';
import { anAttempt, condition, waiting, type RawPodParts } from '../testing/raw-objects.js';
import { disruptedTooOften } from './disrupted-too-often.js';
import { observePod } from './observe-pod.js';
import { parseReasonTable } from './parse-reason-rules.js';
import { noEvents } from './pod-reason.js';
import { findGivenUp, troubleOf } from './troubles.js';

const rules = parseReasonTable('{}').of('any');
const noRoom = '0/1 nodes are available: 1 Insufficient cpu.';
/** What a pod can show. */
const SHOWN: Readonly<Record<string, RawPodParts>> = {
  nothing: { status: waiting('ContainerCreating') },
  refused: { status: waiting('ErrImagePull', 'manifest unknown') },
  'timed out': { status: waiting('ErrImagePull', 'i/o timeout') },
  'put off': { status: waiting('ImagePullBackOff', 'Back-off pulling image "a:b"') },
  'never to be pulled': { status: waiting('InvalidImageName', 'invalid reference format') },
  'wrong settings': { status: waiting('CreateContainerConfigError', 'secret "x" not found') },
  'no start': { status: waiting('CreateContainerError', 'no such device') },
  'no room': {
    spec: { nodeName: undefined },
    status: { conditions: [condition('PodScheduled', 'False', 'Unschedulable', noRoom)] },
  },
};

/** What is thought of a pod that showed this at these seconds, and was recorded each time: "0 refused, 90 refused". */
function verdictAfter(history: string) {
  let recorded: PodReason | null = null;
  let verdict: ReturnType<typeof findGivenUp> = null;
  for (const [, second, name] of history.matchAll(/(\d+) ([^,]+)/g)) {
    const now = new Date(Number(second) * 1_000);
    const context = { rules, events: noEvents, isNodeReady: true, isCounted: false };
    const { pod, held } = observePod(anAttempt(SHOWN[name ?? '']), context, true, recorded);
    const troubles = held === null ? [] : [troubleOf(held, recorded, now.getTime())];
    verdict = findGivenUp(troubles, rules, now.getTime());
    recorded = pod.reason && reasonSince(recorded, pod.reason, pod.heldBy, now.toISOString());
  }
  return verdict;
}

describe('a pod that cannot start is given up', () => {
  it.each([
    ['not before the registry has refused for its grace', '0 refused, 89 refused', undefined],
    ['when the registry has refused for its grace', '0 refused, 90 refused', 'IMAGE_PULL_FAILED'],
    ['when nothing else was said after a refusal', '0 refused, 50 put off, 90 put off', 'IMAGE_PULL_FAILED'],
    ['not when the last pull failed otherwise', '0 refused, 80 timed out, 90 timed out', undefined],
    ['not while pulls fail otherwise', '0 timed out, 899 timed out', undefined],
    ['when no pull succeeds for the longer grace', '0 timed out, 900 timed out', 'IMAGE_PULL_FAILED'],
    ['not when it went on in between', '0 refused, 60 nothing, 90 refused', undefined],
    ['at once where its image is never to be pulled', '0 never to be pulled', 'IMAGE_PULL_FAILED'],
    ['when its settings stay wrong', '0 wrong settings, 60 wrong settings', 'CONFIG_ERROR'],
    ['when its container cannot be made for a while', '0 no start, 60 no start', 'CONTAINER_START_FAILED'],
    [
      'when no pull succeeds for the longer grace, refused or not',
      '0 timed out, 850 refused, 900 refused',
      'IMAGE_PULL_FAILED',
    ],
    ['never for want of room', '0 no room, 100000 no room', undefined],
  ])('%s', (_, history, code) => {
    expect(verdictAfter(history)?.code).toBe(code);
  });

  it.each(['0 refused, 90 refused', '0 refused, 50 put off, 90 put off'])(
    'in the words of the registry: %s',
    (history) => {
      expect(verdictAfter(history)?.message).toBe('The image cannot be pulled (given up after 90 s): manifest unknown');
    },
  );
});

it('a job is given up when one index was disrupted twenty times', () => {
  const evicted = (count: number, index: number) =>
    Array.from({ length: count }, (_, i) =>
      anObservedPod({ uid: `${index}-${i}`, index, status: 'FAILED', reason: because('EVICTED') }),
    );
  expect(disruptedTooOften([...evicted(19, 0), ...evicted(19, 1)])).toBeNull();
  expect(disruptedTooOften(evicted(20, 1))?.code).toBe('TOO_MANY_DISRUPTIONS');
});
