import { describe, expect, it } from 'vitest';
import { anObservedPod, because } from '../testing/observed.js';
import { hopelessCause, type HopeSight } from './hopeless.js';
import { noTroubles, withTroubles, type Troubles } from './troubles.js';

const graces = { imagePullRefusedMs: 90_000, imagePullMs: 900_000, startErrorMs: 60_000 };
const REFUSED = 'The image cannot be pulled, and is tried again: manifest unknown';
const TIMED_OUT = 'The image cannot be pulled, and is tried again: i/o timeout';
const PUT_OFF = 'The image cannot be pulled, and is tried again: Back-off pulling image "a:b"';

function pending(code: string | null, message = 'words') {
  return anObservedPod({ status: 'PENDING', startedAt: null, reason: code === null ? null : because(code, message) });
}

/** What is thought of one pod that showed each of these, at these seconds. */
function verdictAfter(steps: readonly (readonly [atSeconds: number, code: string | null, message?: string])[]) {
  let troubles: Troubles = noTroubles;
  let verdict: ReturnType<typeof hopelessCause> = null;
  for (const [atSeconds, code, message] of steps) {
    const attempts = [pending(code, message)];
    troubles = withTroubles(troubles, attempts, atSeconds * 1_000);
    verdict = hopelessCause({ attempts, refusal: null, troubles, graces, nowMs: atSeconds * 1_000 });
  }
  return verdict;
}

const retrying = 'IMAGE_PULL_RETRYING';

describe('a pod that cannot start is given up', () => {
  it.each<[string, Parameters<typeof verdictAfter>[0], string | undefined]>([
    [
      'not before the registry has refused for its grace',
      [
        [0, retrying, REFUSED],
        [89, retrying, REFUSED],
      ],
      undefined,
    ],
    [
      'when the registry has refused for its grace',
      [
        [0, retrying, REFUSED],
        [90, retrying, REFUSED],
      ],
      'IMAGE_PULL_FAILED',
    ],
    [
      'when nothing else was said between two refusals',
      [
        [0, retrying, REFUSED],
        [50, retrying, PUT_OFF],
        [90, retrying, PUT_OFF],
      ],
      'IMAGE_PULL_FAILED',
    ],
    [
      'not when the last pull failed for another reason',
      [
        [0, retrying, REFUSED],
        [80, retrying, TIMED_OUT],
        [90, retrying, TIMED_OUT],
      ],
      undefined,
    ],
    [
      'not while pulls fail for other reasons',
      [
        [0, retrying, TIMED_OUT],
        [899, retrying, TIMED_OUT],
      ],
      undefined,
    ],
    [
      'when no pull has succeeded for the longer grace',
      [
        [0, retrying, TIMED_OUT],
        [900, retrying, TIMED_OUT],
      ],
      'IMAGE_PULL_FAILED',
    ],
    [
      'not when it went on in between',
      [
        [0, retrying, REFUSED],
        [60, null],
        [90, retrying, REFUSED],
      ],
      undefined,
    ],
    ['at once where the name can never be pulled', [[0, 'IMAGE_PULL_FAILED']], 'IMAGE_PULL_FAILED'],
    [
      'when its settings have been wrong for a while',
      [
        [0, 'CONFIG_ERROR'],
        [60, 'CONFIG_ERROR'],
      ],
      'CONFIG_ERROR',
    ],
    [
      'when its container could not be made for a while',
      [
        [0, 'CONTAINER_START_FAILED'],
        [60, 'CONTAINER_START_FAILED'],
      ],
      'CONTAINER_START_FAILED',
    ],
    [
      'never for want of room',
      [
        [0, 'UNSCHEDULABLE'],
        [100_000, 'UNSCHEDULABLE'],
      ],
      undefined,
    ],
  ])('%s', (_, steps, code) => {
    expect(verdictAfter(steps)?.code).toBe(code);
  });

  it('in the words of the registry', () => {
    expect(
      verdictAfter([
        [0, retrying, REFUSED],
        [90, retrying, REFUSED],
      ])?.message,
    ).toBe('The image could not be pulled for 90 s: manifest unknown');
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
