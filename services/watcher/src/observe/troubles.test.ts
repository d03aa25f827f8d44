import { describe, expect, it } from 'vitest';
import { anObservedPod, because } from '../testing/observed.js';
import { disruptedTooOften } from './disrupted-too-often.js';
import { parseReasonTable } from './parse-reason-rules.js';
import { findRule, type ReasonSource } from './reason-rule.js';
import { findGivenUp, noTroubles, withTroubles, type Troubles } from './troubles.js';

const rules = parseReasonTable('{}').of('any');
/** What a pod can show. */
const SHOWN: Readonly<Record<string, readonly [ReasonSource, reason: string, words: string]>> = {
  refused: ['CONTAINER_WAITING', 'ErrImagePull', 'manifest unknown'],
  'timed out': ['CONTAINER_WAITING', 'ErrImagePull', 'i/o timeout'],
  'put off': ['CONTAINER_WAITING', 'ImagePullBackOff', 'Back-off pulling image "a:b"'],
  'never to be pulled': ['CONTAINER_WAITING', 'InvalidImageName', 'invalid reference format'],
  'wrong settings': ['CONTAINER_WAITING', 'CreateContainerConfigError', 'secret "x" not found'],
  'no start': ['CONTAINER_WAITING', 'CreateContainerError', 'no such device'],
  'no room': ['SCHEDULING', 'Unschedulable', '0/1 nodes are available: 1 Insufficient cpu.'],
  'a quota': ['FAILED_CREATE', 'FailedCreate', 'exceeded quota: q'],
  'a policy': ['FAILED_CREATE', 'FailedCreate', 'violates PodSecurity "restricted:latest"'],
};

/** What is thought of something that showed this at these seconds: "0 refused, 90 refused". */
function verdictAfter(history: string) {
  let troubles: Troubles = noTroubles;
  let verdict: ReturnType<typeof findGivenUp> = null;
  for (const [, second, name] of history.matchAll(/(\d+) ([^,]+)/g)) {
    const nowMs = Number(second) * 1_000;
    const [from, reason, words] = SHOWN[name ?? ''] ?? ['SETUP_EVENT', '', ''];
    const rule = findRule(rules, from, reason, words);
    troubles = withTroubles(troubles, new Map(rule === undefined ? [] : [['uid', { rule, words }]]), nowMs);
    verdict = findGivenUp(troubles, rules, nowMs);
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

  it('in the words of the registry', () => {
    expect(verdictAfter('0 refused, 90 refused')?.message).toBe(
      'The image cannot be pulled (given up after 90 s): manifest unknown',
    );
  });
});

describe('a job is given up', () => {
  const evicted = (count: number, index: number) =>
    Array.from({ length: count }, (_, i) =>
      anObservedPod({ uid: `${index}-${i}`, index, status: 'FAILED', reason: because('EVICTED') }),
    );

  it('at once when a policy refuses its pods, and not for a quota', () => {
    expect(verdictAfter('0 a policy')).toEqual({
      code: 'POLICY_REFUSED',
      message: 'A policy of the cluster refuses the pods: violates PodSecurity "restricted:latest"',
    });
    expect(verdictAfter('0 a quota, 100000 a quota')).toBeNull();
  });

  it('when one index was disrupted twenty times', () => {
    expect(disruptedTooOften([...evicted(19, 0), ...evicted(19, 1)])).toBeNull();
    expect(disruptedTooOften(evicted(20, 1))?.code).toBe('TOO_MANY_DISRUPTIONS');
  });
});
