import { provedBy, type ContractRow } from '../contract-row.js';

const logText = 'packages/domain/src/log-text.test.ts';
const storeLogs = 'packages/db/src/logs/store-logs.integration.test.ts';
const logRead = 'packages/kubernetes/src/logs/log-read.test.ts';
const logStream = 'packages/kubernetes/src/logs/log-stream-faults.test.ts';
const logPage = 'services/api/src/jobs/logs/read-log-page.integration.test.ts';
const hostile = 'services/watcher/src/logs/hostile-content.test.ts';
const watched = 'services/watcher/src/watch-clusters.integration.test.ts';
const rotation = 'services/watcher/src/log-rotation.integration.test.ts';
const takeOver = 'services/watcher/src/take-over.integration.test.ts';
const outcomes = 'test/src/e2e/outcomes.e2e.test.ts';
const housekeeping = 'services/dispatcher/src/housekeeping/keep-house.integration.test.ts';

/** What is kept of the output of containers, how it is shown, and what is said where it is not whole. */
export const logs: readonly ContractRow[] = [
  {
    row: 'log',
    rule: 'Every line of every attempt is kept after its pod is gone',
    tests: provedBy(
      outcomes,
      'and its logs after the pods are gone',
      'succeeds on the second attempt of a task, and keeps the first with its exit code and log',
    ),
  },
  {
    row: 'log',
    rule: 'Each line is there once, in the order written, whatever breaks',
    tests: [
      ...provedBy(logRead, 'has every line once, whatever the order of its stamps and wherever a read breaks'),
      ...provedBy(watched, 'keeps every line once, whatever breaks its connections', 'that was stopped is followed by'),
      ...provedBy(storeLogs, 'are stored once where it is not known whether the commit happened'),
    ],
  },
  {
    row: 'log',
    rule: 'Lines are numbered from 1 per attempt, without holes',
    tests: [
      ...provedBy(storeLogs, 'go on where they were, with the position that goes with them'),
      ...provedBy('test/src/e2e/resume.e2e.test.ts', 'delivers every log line once and in order when resumed'),
    ],
  },
  {
    row: 'log',
    rule: 'Over a job, lines come in the order stored',
    tests: provedBy(logPage, 'comes in the order stored, with gaps as lines of their own'),
  },
  {
    row: 'log gap',
    rule: 'What could not be had is a gap that says so',
    tests: [
      ...provedBy(logRead, 'has a gap where lines may be missing, and repeats none'),
      ...provedBy(
        rotation,
        'has a gap where the kubelet skipped a file, because the reader was slow',
        'has a gap at its beginning where that was rotated away before anybody read it',
      ),
      ...provedBy(
        logStream,
        'has a gap when %s is removed while the stream was broken',
        'has a gap where the log was rotated while the stream was broken',
      ),
    ],
  },
  {
    row: 'log',
    rule: 'Its end is where two reads agree, whatever broke off or came late',
    tests: provedBy(
      'packages/kubernetes/src/logs/log-end.test.ts',
      'the end of a log is not where an answer broke off without an error',
      'the end of a log is not where a slow answer pauses',
      'the end of a log comes after what the runtime writes when it has told of the end',
    ),
  },
  {
    row: 'log',
    rule: 'FINISHED comes when every log is complete, or its gap recorded when the time for it is over',
    tests: provedBy(
      storeLogs,
      'hold up its end until they are complete',
      'end with a gap that says so when the time for them is over',
    ),
  },
  {
    row: 'log',
    rule: 'That time is 60 s by default',
    tests: provedBy('services/watcher/src/config.test.ts', 'logDrainMs: 60_000'),
  },
  {
    row: 'log',
    rule: 'That time is counted from the end of the job, whatever restarts and whether or not its cluster answers',
    tests: provedBy(
      takeOver,
      'gives logs up in time, counted from the end of the job',
      'states an attempt that came and went while nobody watched',
    ),
  },
  {
    row: 'enableLogging',
    rule: 'Without it, nothing of the output is read or kept',
    tests: [
      ...provedBy(outcomes, 'reads and keeps nothing of the output when logging is off'),
      ...provedBy(watched, 'leaves no line in the database where logging is off'),
    ],
  },
  {
    row: 'log',
    rule: 'Is kept 30 days, then a gap stands for it',
    tests: [
      ...provedBy(housekeeping, 'are replaced by a gap that takes their numbers'),
      ...provedBy('services/dispatcher/src/config.test.ts', 'logDays: 30'),
    ],
  },
  {
    row: 'log',
    rule: 'Is kept up to 1 GiB a job, then a gap says LOG_LIMIT',
    tests: [
      ...provedBy('services/watcher/src/logs/log-budget.test.ts', 'lines are admitted up to the limit'),
      ...provedBy('services/watcher/src/config.test.ts', 'logLimitBytes: 1024 ** 3'),
    ],
  },
  {
    row: 'log text',
    rule: 'Is UTF-8, with invalid bytes as U+FFFD',
    tests: [
      ...provedBy(logText, 'keeps text of any script', 'shows invalid UTF-8 as U+FFFD'),
      ...provedBy(hostile, "'invalid UTF-8'"),
    ],
  },
  {
    row: 'log text',
    rule: 'NUL and other control characters but TAB and CR are escaped',
    tests: [
      ...provedBy(logText, 'escapes NUL', 'gives no control character but TAB and CR for any byte'),
      ...provedBy(hostile, "'ANSI colours'", "'a progress bar'"),
    ],
  },
  {
    row: 'log text',
    rule: 'A line longer than 16 KiB comes in pieces that say so, and loses nothing',
    tests: [
      ...provedBy(hostile, 'is cut between characters where a line is of 1 MiB, and nothing of it is lost'),
      ...provedBy('packages/kubernetes/src/logs/log-lines.test.ts', 'cuts long lines into pieces that know where they'),
    ],
  },
];
