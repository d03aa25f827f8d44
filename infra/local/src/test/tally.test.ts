import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import {
  addTallies,
  exitCodeOf,
  NOTHING,
  summaryLine,
  tallyExitCode,
  tallyFaultsReport,
  tallyReport,
} from './tally.js';

const passing = { status: 'passed', fullName: 'adds', failureMessages: [] };
const failing = { status: 'failed', fullName: 'a > b', failureMessages: ['\u001b[31mError\u001b[39m:\n  no'] };
const file = { name: join(process.cwd(), 'a.test.ts'), status: 'passed', message: '', assertionResults: [passing] };
const report = {
  success: true,
  numPassedTests: 7,
  numFailedTests: 0,
  numPendingTests: 1,
  numTodoTests: 2,
  testResults: [file],
};

describe('tallyReport', () => {
  it.each([
    { what: 'all that passed', change: {}, expected: { passed: 7, failed: 0, skipped: 3 } },
    {
      what: 'failed tests',
      change: { success: false, numFailedTests: 2 },
      expected: { passed: 7, failed: 2, skipped: 3 },
    },
    { what: 'a file that did not load', change: { success: false }, expected: { passed: 7, failed: 1, skipped: 3 } },
  ])('counts $what', ({ change, expected }) => {
    expect(tallyReport({ ...report, ...change })).toEqual({ ...expected, failures: [] });
  });

  it('names what failed, a line each', () => {
    const testResults = [
      { ...file, status: 'failed', assertionResults: [passing, failing] },
      { ...file, status: 'failed', message: 'does not load', assertionResults: [] },
    ];
    const { failures } = tallyReport({ ...report, success: false, testResults });
    expect(failures).toEqual(['a.test.ts: a > b: Error: no', 'a.test.ts: does not load']);
  });

  it('refuses what is no report', () => {
    expect(() => tallyReport({})).toThrow(/success/);
  });
});

describe('tallyFaultsReport', () => {
  it.each([
    { exitCode: 0, failed: 0, expected: 0 },
    { exitCode: 1, failed: 2, expected: 2 },
    { exitCode: 1, failed: 0, expected: 1 },
  ])('counts $expected where $failed failed and the run ended with $exitCode', ({ exitCode, failed, expected }) => {
    const tally = tallyFaultsReport({ passed: 9, failed, skipped: 1 }, exitCode);
    expect(tally).toEqual({ passed: 9, failed: expected, skipped: 1, failures: [] });
  });

  it('refuses what is no report', () => {
    expect(() => tallyFaultsReport({ passed: 9 }, 0)).toThrow(/failed/);
  });
});

describe('a run', () => {
  it.each([
    { tallies: [], exitCode: 1, line: '0 passed, 0 failed, 0 skipped' },
    { tallies: [tallyExitCode(0), tallyReport(report)], exitCode: 0, line: '8 passed, 0 failed, 3 skipped' },
    { tallies: [tallyExitCode(0), tallyExitCode(2)], exitCode: 1, line: '1 passed, 1 failed, 0 skipped' },
    { tallies: [{ ...NOTHING, skipped: 5 }], exitCode: 1, line: '0 passed, 0 failed, 5 skipped' },
  ])('ends with "$line" and exit code $exitCode', ({ tallies, exitCode, line }) => {
    const tally = addTallies(tallies);
    expect([exitCodeOf(tally), summaryLine(tally)]).toEqual([exitCode, line]);
  });
});
