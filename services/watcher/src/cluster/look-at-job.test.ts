import type { PodRow, WatchedJob } from '@ccluster/db';
import type { ArmedState } from '@ccluster/domain';
import { aPlacement } from '@ccluster/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { AttemptStart } from '../objects/kubernetes-event.js';
import { parseReasonTable } from '../observe/parse-reason-rules.js';
import { noEvents } from '../observe/pod-reason.js';
import { anObservedPod, because } from '../testing/observed.js';
import { aKubernetesJob, anAttempt, terminated, waiting, withContainer } from '../testing/raw-objects.js';
import { memoryOf, type JobMemory } from './job-memory.js';
import { lookAtJob } from './look-at-job.js';

const armed: ArmedState = {
  phase: 'ARMED',
  placement: aPlacement(),
  kubernetesUid: 'job-uid',
  want: 'RUN',
  resuming: false,
  intent: { decided: 1, applied: 1, released: true, resourceVersion: '1', appliedAt: '2026-01-01T00:00:00Z' },
  ran: false,
  stopped: false,
  reason: null,
};
const row: WatchedJob = {
  id: 'job_1',
  name: 'train',
  state: armed,
  completions: 4,
  parallelism: 2,
  enableLogging: true,
  progress: { succeeded: [], running: [], failed: [] },
  toldAt: new Date(0),
  now: new Date('2026-01-01T01:00:00Z'),
  traceparent: null,
  tracedAt: null,
};
const rules = parseReasonTable('{}').of('any');
const starts = new Map<string, AttemptStart>();
const surroundings = { eventsOf: () => noEvents, startsOf: () => starts, isNodeReady: () => true };
const running = anAttempt({ status: withContainer('Running', { running: { startedAt: '2026-01-01T00:00:20Z' } }) });
const job = aKubernetesJob();

function look(memory: JobMemory, present: Parameters<typeof lookAtJob>[3], of: Partial<WatchedJob> = {}) {
  return lookAtJob({ ...row, ...of }, job, memory, present, surroundings, rules);
}

afterEach(() => starts.clear());

describe('a look at a job', () => {
  it('finds what was not recorded, and nothing once it is', () => {
    const memory = memoryOf([]);
    const { changed, observation } = look(memory, [running]);
    expect(changed).toMatchObject([{ uid: 'pod-uid', index: 3, status: 'RUNNING' }]);
    expect(observation.livePods).toBe(1);
    for (const pod of changed) memory.pods.set(pod.uid, pod);
    expect(look(memory, [running]).changed).toEqual([]);
  });

  it('counts an attempt that is not there any more as lost, unless its result is recorded', () => {
    const memory = memoryOf([]);
    memory.pods.set('a', anObservedPod({ uid: 'a' }));
    memory.pods.set('b', anObservedPod({ uid: 'b', status: 'FAILED' }));
    const { changed, hasLost, observation } = look(memory, []);
    expect(changed).toMatchObject([{ uid: 'a', status: 'LOST', reason: { code: 'POD_GONE' }, logless: false }]);
    expect(hasLost).toBe(true);
    expect(observation.livePods).toBe(0);
  });

  it('knows an attempt that came and went unseen by the event of its start, and no more of it', () => {
    const at = new Date('2026-01-01T00:00:10Z');
    starts.set('unseen', { jobId: row.id, index: 2, uid: 'unseen', name: 'train-2-abcde', at });
    starts.set('pod-uid', { jobId: row.id, index: 3, uid: 'pod-uid', name: 'train-3-abcde', at });
    const { changed, hasLost, observation } = look(memoryOf([]), [running]);
    expect(changed).toMatchObject([
      { uid: 'pod-uid', status: 'RUNNING' },
      { uid: 'unseen', index: 2, status: 'LOST', reason: { code: 'POD_GONE' }, startedAt: at, logless: false },
    ]);
    expect(hasLost).toBe(true);
    expect(observation.ran).toBe(true);
  });

  it('leaves out pods of another Kubernetes Job', () => {
    expect(look(memoryOf([]), [{ ...running, kubernetesUid: 'other' }]).changed).toEqual([]);
  });

  it('takes what it is given last of a pod that it is given twice', () => {
    const departed = anAttempt({ status: withContainer('Failed', terminated(1, 'Error')) });
    expect(look(memoryOf([]), [running, departed]).changed).toMatchObject([{ status: 'FAILED' }]);
  });

  it('knows for how long nothing has moved since a decision was acknowledged', () => {
    const quiet = (resourceVersion: string, present: Parameters<typeof lookAtJob>[3] = []) => {
      const intent = { decided: 2, applied: 2, released: true, resourceVersion, appliedAt: '2026-01-01T00:59:55Z' };
      return look(memoryOf([]), present, { state: { ...armed, want: 'SUSPEND', intent } }).observation.quietSeconds;
    };
    expect(quiet(job.resourceVersion)).toBe(5);
    expect(quiet('99')).toBe(0);
    expect(quiet(job.resourceVersion, [running])).toBe(0);
  });
});

describe('a watcher that takes over', () => {
  const pulling = anAttempt({ status: waiting('ErrImagePull', 'manifest unknown') });
  const since = (secondsAgo: number) => new Date(row.now.getTime() - secondsAgo * 1_000).toISOString();
  const recorded = (codeSecondsAgo: number, ruleSecondsAgo: number): PodRow => ({
    ...anObservedPod({ status: 'PENDING', startedAt: null }),
    id: 'pod_1',
    jobId: 'job_1',
    clusterId: 'cl_1',
    attempt: 1,
    logComplete: false,
    reason: {
      code: 'IMAGE_PULL_RETRYING',
      message: 'words',
      since: since(codeSecondsAgo),
      heldBy: { rule: 'image-pull-refused', since: since(ruleSecondsAgo) },
    },
  });

  it.each<[codeSecondsAgo: number, ruleSecondsAgo: number, code: string | undefined]>([
    [89, 89, undefined],
    [90, 90, 'IMAGE_PULL_FAILED'],
    [899, 10, undefined],
    [900, 10, 'IMAGE_PULL_FAILED'],
  ])('counts graces from what is stored: the code %i s, the rule %i s ago', (code, rule, expected) => {
    const { observation, isLimited } = look(memoryOf([recorded(code, rule)]), [pulling]);
    expect(observation.hopeless?.code).toBe(expected);
    expect(isLimited).toBe(true);
  });

  it('counts the disruptions that are stored', () => {
    const evicted = Array.from({ length: 20 }, (_, i) => ({
      ...recorded(0, 0),
      uid: `${i}`,
      attempt: i + 1,
      status: 'FAILED' as const,
      reason: { ...because('EVICTED'), since: since(60) },
    }));
    expect(look(memoryOf(evicted.slice(1)), []).observation.hopeless).toBeNull();
    expect(look(memoryOf(evicted), []).observation.hopeless?.code).toBe('TOO_MANY_DISRUPTIONS');
  });
});
