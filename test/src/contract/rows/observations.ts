import { provedBy, type ContractRow } from '../contract-row.js';

const task = 'packages/domain/src/task.test.ts';
const podReason = 'services/watcher/src/observe/pod-reason.test.ts';
const recordEvent = 'packages/db/src/life/record-event.integration.test.ts';
const observation = 'packages/db/src/life/record-observation.integration.test.ts';
const listUpdates = 'packages/db/src/jobs/list-job-updates.integration.test.ts';
const followEvents = 'services/api/src/jobs/follow/follow-job-events.integration.test.ts';
const followLogs = 'services/api/src/jobs/follow/follow-job-logs.integration.test.ts';
const updates = 'services/api/src/jobs/follow/job-updates.integration.test.ts';
const manifest = 'services/dispatcher/src/cluster/job-manifest.test.ts';
const outcomes = 'test/src/e2e/outcomes.e2e.test.ts';
const resume = 'test/src/e2e/resume.e2e.test.ts';
const housekeeping = 'services/dispatcher/src/housekeeping/keep-house.integration.test.ts';

/** Tasks and events: what is told of a job while it runs and afterwards. */
export const observations: readonly ContractRow[] = [
  {
    row: 'task',
    rule: 'SUCCEEDED when, and only when, Kubernetes counts its index',
    tests: provedBy(
      'services/watcher/src/observe/task-progress.test.ts',
      'success is what Kubernetes counted, whatever the pods say',
    ),
  },
  {
    row: 'task',
    rule: 'Success is never taken back',
    tests: [
      ...provedBy(task, 'never takes success back, and is the same when seen twice'),
      ...provedBy(observation, 'is never taken back: neither a result nor a success'),
    ],
  },
  {
    row: 'task',
    rule: 'A container that exits 0 on SIGTERM counts as Kubernetes counts it',
    tests: provedBy(
      podReason,
      'says so where it exited with 0 because it was told to stop',
      'has none where it was told to stop and counts all the same',
    ),
  },
  {
    row: 'task',
    rule: 'A pod that is counted after a disruption carries SUCCEEDED_AFTER_DISRUPTION',
    tests: provedBy(podReason, 'says so where it counts although it was disrupted'),
  },
  {
    row: 'task',
    rule: 'At the end of a job nothing stays PENDING or RUNNING, and the counts sum to completions',
    tests: [
      ...provedBy(task, 'has counts that sum to the completions, and none pending or running after the end'),
      ...provedBy(recordEvent, 'counts every task of an ended job'),
    ],
  },
  {
    row: 'attempt',
    rule: 'Every one is kept with its exit code, numbered from 1',
    tests: [
      ...provedBy(outcomes, 'succeeds on the second attempt of a task, and keeps the first with its exit code and log'),
      ...provedBy(observation, 'numbers the attempts at an index by their age'),
    ],
  },
  {
    row: 'events',
    rule: 'Each transition is exactly one event',
    tests: [
      ...provedBy(
        recordEvent,
        'stores the state, the columns derived from it, and one event',
        'stores nothing for an event that comes twice',
        'numbers the events of a job without holes when many record at once',
      ),
      ...provedBy(observation, 'stores pods, tasks and status with one event each, and nothing when nothing is new'),
    ],
  },
  {
    row: 'events',
    rule: 'jobEvents delivers all that follows the cursor, once and in order, across reconnects',
    tests: [
      ...provedBy(followEvents, 'resume after any cursor, with each event once'),
      ...provedBy(resume, 'delivers every event once and in order when resumed after each'),
    ],
  },
  {
    row: 'events',
    rule: 'jobLogs does so line by line',
    tests: [
      ...provedBy(followLogs, 'give batches of at most 500 lines and resume after the cursor of any of them'),
      ...provedBy(resume, 'delivers every log line once and in order when resumed after each batch'),
    ],
  },
  {
    row: 'events',
    rule: 'Both complete after the end',
    tests: [
      ...provedBy(followEvents, 'complete at once for a job that has finished'),
      ...provedBy(
        followLogs,
        'begin with the first line, go on as lines are stored and complete with the log',
        'complete at the end of a job that keeps no log',
      ),
    ],
  },
  {
    row: 'events',
    rule: 'They go on while Redis is away',
    tests: provedBy(followEvents, 'delivers events while Redis is away'),
  },
  {
    row: 'updates',
    rule: 'jobUpdates delivers the newest state of every changed job, and misses none',
    tests: [
      ...provedBy(updates, 'misses nothing of many writers whose transactions end in any order'),
      ...provedBy(listUpdates, 'wait for a transaction that began earlier and is still open, so that none is missed'),
      ...provedBy('test/src/e2e/faults.e2e.test.ts', 'tells a follower of all jobs how each ended'),
    ],
  },
  {
    row: 'updates',
    rule: 'They go on after a cursor on another api process',
    tests: provedBy(updates, 'goes on where it was on another api'),
  },
  {
    row: 'updates',
    rule: 'They say when a job left the filter or was deleted',
    tests: provedBy(
      updates,
      'says once that a job has left the filter, and again where it came back in between',
      'tells of a deleted job, whatever the filter',
    ),
  },
  {
    row: 'events',
    rule: 'Are kept 30 days, deletions 7',
    tests: [
      ...provedBy(housekeeping, 'events and request ids'),
      ...provedBy('services/dispatcher/src/config.test.ts', 'needs three variables'),
      ...provedBy(listUpdates, 'forget deletions after eight days, a few at a time'),
    ],
  },
  {
    row: 'reserved variables',
    rule: 'Both are in every container, the index from 0 to completions − 1',
    tests: [
      ...provedBy(outcomes, 'both reserved variables in each'),
      ...provedBy(manifest, 'asks for nothing that the smallest job does not need'),
    ],
  },
];
