import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';

/** How many checks and tests went which way. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** What failed, a line each, as far as the check says it. */
  failures: readonly string[];
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0, failures: [] };
const MAX_FAILURE_CHARACTERS = 300;

const testSchema = z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) });
const fileSchema = z.object({
  name: z.string(),
  status: z.string(),
  message: z.string(),
  assertionResults: z.array(testSchema),
});

/** The part of vitest's JSON report that is counted. */
const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(fileSchema),
});

/** Counts a vitest report; a run that failed without a failed test (a file that does not load) counts as one failure. */
export function tallyReport(unsafeReport: unknown): Tally {
  const report = reportSchema.parse(unsafeReport);
  const failed = report.success ? report.numFailedTests : Math.max(report.numFailedTests, 1);
  const failures = report.testResults.flatMap(failuresOf);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests, failures };
}

function failuresOf({ name, status, message, assertionResults }: z.infer<typeof fileSchema>): string[] {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  const file = relative(process.cwd(), name);
  if (failed.length === 0 && status === 'failed') return [`${file}: ${shorten(message)}`];
  return failed.map(({ fullName, failureMessages }) => `${file}: ${fullName}: ${shorten(failureMessages.join(' '))}`);
}

function shorten(message: string): string {
  return stripVTControlCharacters(message).replaceAll(/\s+/g, ' ').slice(0, MAX_FAILURE_CHARACTERS);
}

const faultsReportSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/** Counts the fault laboratory's report; a run that failed without a failed scenario counts as one failure. */
export function tallyFaultsReport(unsafeReport: unknown, exitCode: number): Tally {
  const { passed, failed, skipped } = faultsReportSchema.parse(unsafeReport);
  return { ...NOTHING, passed, failed: exitCode === 0 ? failed : Math.max(failed, 1), skipped };
}

/** A check without tests of its own. */
export function tallyExitCode(exitCode: number): Tally {
  return exitCode === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { passed, failed, skipped, failures }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
      failures: [...sum.failures, ...failures],
    }),
    NOTHING,
  );
}

/** 0 only if something passed and nothing failed. */
export function exitCodeOf({ passed, failed }: Tally): number {
  return passed > 0 && failed === 0 ? 0 : 1;
}

export function summaryLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
