import { describe, expect, it } from 'vitest';

import type { LineOperation } from '../../history.js';
import { formatTestLine } from '../../test-lines.js';
import { createLogTally, tally } from '../log-tally.js';
import { cleanStory } from '../testing/clean-story.js';
import { expectFound, type Planted } from '../testing/planted.js';
import { addRow, evidenceOf, getJob, LINES, type Story } from '../testing/story.js';
import { checkLogs } from './logs.js';

const ATTEMPT = 'good 0/1';

function line(number: number, hostname = 'k-good-0', run = '00000001'): string {
  return formatTestLine({ number, count: LINES, index: 0, completions: 2, hostname, run });
}

/** The log of the first attempt of `good`: texts, gaps as `!CODE`. */
function store(
  story: Story,
  records: readonly string[],
  numbers: readonly number[] = records.map((_, i) => i + 1),
): void {
  const log = createLogTally();
  for (const [i, record] of records.entries()) {
    const isGap = record.startsWith('!');
    tally(log, { number: numbers[i]!, text: isGap ? null : record, gap: isGap ? record.slice(1) : null });
  }
  const { attempts } = getJob(story, 'good');
  attempts[0] = { ...attempts[0]!, log };
  // What the subscriber was given is not the matter here.
  const isLog = (op: string) => op === 'LINE' || op === 'LINES_COMPLETED';
  story.history.splice(0, story.history.length, ...story.history.filter(([, { op }]) => !isLog(op)));
}

function lineAt(story: Story, number: number): number {
  return story.history.findIndex(
    ([, entry]) => entry.op === 'LINE' && entry.podId === 'pod-good-0-1' && entry.number === number,
  );
}

describe('that every line is kept once', () => {
  it.each<Planted>([
    ['a lost line', (story) => store(story, [line(1), line(3)]), ['P8 logs', ATTEMPT, 'after line 1 comes line 3']],
    [
      'a doubled line',
      (story) => store(story, [line(1), line(1), line(2), line(3)]),
      ['P8 logs', ATTEMPT, 'after line 1 comes line 1'],
    ],
    [
      'lines in another order',
      (story) => store(story, [line(2), line(1), line(3)]),
      ['P8 logs', ATTEMPT, 'after line 0 comes line 2'],
    ],
    [
      'a damaged line',
      (story) => store(story, [line(1), line(2).slice(0, -3), line(3)]),
      ['P8 logs', ATTEMPT, 'a damaged line: #2/3 task'],
    ],
    [
      'a line of another pod',
      (story) => store(story, [line(1), line(2, 'k-good-1'), line(3)]),
      ['P8 logs', ATTEMPT, 'lines of k-good-0 00000001 and of k-good-1 00000001'],
    ],
    [
      'the log of another pod',
      (story) =>
        store(
          story,
          [1, 2, 3].map((number) => line(number, 'k-good-1')),
        ),
      ['P8 logs', ATTEMPT, 'has the lines of k-good-1, and is k-good-0-aaaa1'],
    ],
    [
      'a line of an earlier attempt',
      (story) => store(story, [line(1), line(2, 'k-good-0', '0000000f'), line(3)]),
      ['P8 logs', ATTEMPT, 'lines of k-good-0 00000001 and of k-good-0 0000000f'],
    ],
    [
      'the log of an earlier attempt',
      (story) => {
        const { attempts } = getJob(story, 'paused');
        attempts[1] = { ...attempts[1]!, log: attempts[0]!.log };
      },
      ['P8 logs', 'paused 0/2', 'has the lines of attempt 1'],
    ],
    [
      'numbers with a hole',
      (story) => store(story, [line(1), line(2), line(3)], [1, 2, 4]),
      ['P8 logs', ATTEMPT, 'after number 2 comes 4'],
    ],
    [
      'a number that is given twice',
      (story) => store(story, [line(1), line(2), line(3)], [1, 2, 2]),
      ['P8 logs', ATTEMPT, 'after number 2 comes 2'],
    ],
    ['a lost end', (story) => store(story, [line(1)]), ['P8 logs', ATTEMPT, 'ends with line 1 of 3']],
    ['a log that is empty', (story) => store(story, []), ['P8 logs', ATTEMPT, 'ends with line 0 of 3']],
    [
      'a line that comes again after a gap',
      (story) => store(story, [line(1), line(2), '!LOG_ROTATED', line(2), line(3)]),
      ['P8 logs', ATTEMPT, 'after line 2 comes line 2'],
    ],
    [
      'a log that is not complete when its job has ended',
      (story) => {
        const { attempts } = getJob(story, 'good');
        attempts[0] = { ...attempts[0]!, logComplete: false };
      },
      ['P8 logs', ATTEMPT, 'is not complete'],
    ],
    [
      'lines of a job without logging',
      (story) => {
        getJob(story, 'paused').enableLogging = false;
        getJob(story, 'paused').attempts.splice(1);
        story.history.splice(0);
      },
      ['P8 logs', 'paused 0/1', 'has 3 lines, and no logging'],
    ],
    [
      'a pod that ran and is not stored',
      (story) => {
        getJob(story, 'paused').attempts.splice(1);
        story.history.splice(0);
      },
      ['P8 logs', 'paused', 'k-paused-0-aaaa2 (uid-k-paused-0-aaaa2) ran, and no attempt of the job is it'],
    ],
    [
      'a start that its pod tells of and that is not stored',
      (story) => {
        const beacon = { jobToken: 't-good', index: 1, completions: 2, hostname: 'k-good-1', cluster: 'east' };
        story.history.push([15, { op: 'BEACON', ...beacon }]);
      },
      ['P8 logs', 'good', 'task 1 was started 2 times, by its own word, and has 1 attempts'],
    ],
    [
      'a line that a subscriber was not given',
      (story) => void story.history.splice(lineAt(story, 2), 1),
      ['P8 logs', 'good all', 'pod-good-0-1: after number 1 comes 3; pod-good-0-1: after line 1 comes line 3'],
    ],
    [
      'a line that a subscriber was given twice',
      (story) => void story.history.splice(lineAt(story, 2), 0, story.history[lineAt(story, 2)]!),
      ['P8 logs', 'good all', 'after number 2 comes 2'],
    ],
    [
      'a subscription that is completed too early',
      (story) => void story.history.splice(lineAt(story, 3), 1),
      ['P8 logs', 'good all', 'was completed after line 2 of 3 of pod-good-0-1'],
    ],
    [
      'a subscription that is not completed',
      (story) => {
        const isEnd = ({ op }: { op: string }) => op === 'LINES_COMPLETED';
        story.history.splice(
          story.history.findIndex(([, entry]) => isEnd(entry)),
          1,
        );
      },
      ['P8 logs', 'good all', 'was not completed'],
    ],
  ])('%s is found', (...planted) => {
    expectFound(checkLogs, planted);
  });

  it.each([
    ['in the middle', [line(1), '!LOG_ROTATED', line(3)]],
    ['at the beginning', ['!LOG_UNAVAILABLE', line(3)]],
    ['at the end', [line(1), '!LOG_UNAVAILABLE']],
    ['for all of it', ['!LOG_UNAVAILABLE']],
  ])('lines that a gap stands for %s may be missing', (_, records) => {
    const story = cleanStory();
    store(story, records);
    expect(checkLogs(evidenceOf(story))).toEqual([]);
  });

  it('lines that were kept long enough may be gone', () => {
    const story = cleanStory();
    store(story, ['!LOG_EXPIRED', line(3)], [2, 3]);
    expect(checkLogs(evidenceOf(story))).toEqual([]);
  });

  it('other programs may write what they like, and who stops by itself misses nothing', () => {
    const story = cleanStory();
    addRow(story, 'other', 'SUCCEEDED');
    const log = createLogTally();
    tally(log, { number: 1, text: 'loss 0.3', gap: null });
    tally(log, { number: 2, text: 'loss 0.3', gap: null });
    const attempt = { id: 'p', uid: 'u', name: 'n', index: 0, attempt: 1, status: 'SUCCEEDED', logComplete: true, log };
    getJob(story, 'other').attempts.push(attempt);
    const given = { op: 'LINE', subscriber: 's', jobId: 'other', podId: 'p', index: 0, attempt: 1 } as const;
    const entry: LineOperation = { ...given, number: 1, hash: 'h' };
    story.history.push([1, entry], [2, { op: 'STOPPED_FOLLOWING', subscriber: 's', jobId: 'other' }]);
    expect(checkLogs(evidenceOf(story))).toEqual([]);
  });
});
