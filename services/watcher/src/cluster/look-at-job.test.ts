import type { WatchedJob } from '@ccluster/db';
import { initialState } from '@ccluster/domain';
import { describe, expect, it } from 'vitest';
import { parseReasonTable } from '../observe/parse-reason-rules.js';
import { noEvents } from '../observe/pod-reason.js';
import { anObservedPod } from '../testing/observed.js';
import { aKubernetesJob, anAttempt, terminated, withContainer } from '../testing/raw-objects.js';
import { memoryOf, type JobMemory } from './job-memory.js';
import { lookAtJob } from './look-at-job.js';

const row: WatchedJob = {
  id: 'job_1',
  name: 'train',
  state: initialState,
  completions: 4,
  parallelism: 2,
  enableLogging: true,
  progress: { succeeded: [], running: [], failed: [] },
};
const rules = parseReasonTable('{}').of('any');
const surroundings = { eventsOf: () => noEvents, isNodeReady: () => true };
const running = anAttempt({ status: withContainer('Running', { running: { startedAt: '2026-01-01T00:00:20Z' } }) });
const job = aKubernetesJob();

function look(memory: JobMemory, present: Parameters<typeof lookAtJob>[3], nowMs = 0, of = job) {
  return lookAtJob(row, of, memory, present, surroundings, rules, nowMs);
}

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

  it('leaves out pods of another Kubernetes Job', () => {
    expect(look(memoryOf([]), [{ ...running, kubernetesUid: 'other' }]).changed).toEqual([]);
  });

  it('takes what it is given last of a pod that it is given twice', () => {
    const departed = anAttempt({ status: withContainer('Failed', terminated(1, 'Error')) });
    expect(look(memoryOf([]), [running, departed]).changed).toMatchObject([{ status: 'FAILED' }]);
  });

  it('knows for how long nothing has moved', () => {
    const memory = memoryOf([]);
    expect(look(memory, [], 1_000).observation.quietSeconds).toBe(0);
    expect(look(memory, [], 6_500).observation.quietSeconds).toBe(5);
    const newer = aKubernetesJob({ metadata: { resourceVersion: '101' } });
    expect(look(memory, [], 7_000, newer).observation.quietSeconds).toBe(0);
    expect(look(memory, [running], 9_000, newer).observation.quietSeconds).toBe(0);
    expect(look(memory, [], 9_500, newer).observation.quietSeconds).toBe(0);
  });
});
