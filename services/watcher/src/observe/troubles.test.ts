import { describe, expect, it } from 'vitest';
import { anObservedPod, because } from '../testing/observed.js';
import { hopelessCause, type HopeSight } from './hopeless.js';
import { noTroubles, withTroubles, type Troubles } from './troubles.js';

const graces = { imagePullRefusedMs: 90_000, imagePullMs: 900_000, startErrorMs: 60_000 };
/** What a pod can show. */
const SHOWN: Readonly<Record<string, { readonly code: string; readonly message: string } | null>> = {
  refused: because('IMAGE_PULL_RETRYING', 'The image cannot be pulled, and is tried again: manifest unknown'),
  'timed out': because('IMAGE_PULL_RETRYING', 'The image cannot be pulled, and is tried again: i/o timeout'),
  'put off': because(
    'IMAGE_PULL_RETRYING',
    'The image cannot be pulled, and is tried again: Back-off pulling image "a:b"',
  ),
  'never to be pulled': because('IMAGE_PULL_FAILED'),
  'wrong settings': because('CONFIG_ERROR'),
  'no start': because('CONTAINER_START_FAILED'),
  'no room': because('UNSCHEDULABLE'),
  nothing: null,
};

/** What is thought of a pod that showed this at these seconds: "0 refused, 90 refused". */
function verdictAfter(history: string) {
  let troubles: Troubles = noTroubles;
  let verdict: ReturnType<typeof hopelessCause> = null;
  for (const [, second, shown] of history.matchAll(/(\d+) ([^,]+)/g)) {
    const nowMs = Number(second) * 1_000;
    const attempts = [anObservedPod({ status: 'PENDING', startedAt: null, reason: SHOWN[shown ?? ''] ?? null })];
    troubles = withTroubles(troubles, attempts, nowMs);
    verdict = hopelessCause({ attempts, refusal: null, troubles, graces, nowMs });
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
    ['never for want of room', '0 no room, 100000 no room', undefined],
  ])('%s', (_, history, code) => {
    expect(verdictAfter(history)?.code).toBe(code);
  });

  it('in the words of the registry', () => {
    expect(verdictAfter('0 refused, 90 refused')?.message).toBe(
      'The image could not be pulled for 90 s: manifest unknown',
    );
  });
});

describe('a job is given up', () => {
  const sight: HopeSight = { attempts: [], refusal: null, troubles: noTroubles, graces, nowMs: 0 };
  const evicted = (count: number, index: number) =>
    Array.from({ length: count }, (_, i) =>
      anObservedPod({ uid: `${index}-${i}`, index, status: 'FAILED', reason: because('EVICTED') }),
    );

  it('at once when a policy refuses its pods, unless some run', () => {
    const refusal = because('POLICY_REFUSED');
    expect(hopelessCause({ ...sight, refusal })).toBe(refusal);
    expect(hopelessCause({ ...sight, refusal, attempts: [anObservedPod()] })).toBeNull();
    expect(hopelessCause({ ...sight, refusal: because('QUOTA_EXCEEDED') })).toBeNull();
  });

  it('when one index was disrupted twenty times', () => {
    expect(hopelessCause({ ...sight, attempts: [...evicted(19, 0), ...evicted(19, 1)] })).toBeNull();
    expect(hopelessCause({ ...sight, attempts: evicted(20, 1) })?.code).toBe('TOO_MANY_DISRUPTIONS');
  });
});
