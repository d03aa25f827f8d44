import { z } from 'zod';

/** How many checks and tests went which way. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

export const NOTHING: Tally = { passed: 0, failed: 0, skipped: 0 };

/** The part of vitest's JSON report that is counted. */
const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
});

/** Counts a vitest report; a run that failed without a failed test (a file that does not load) counts as one failure. */
export function tallyReport(unsafeReport: unknown): Tally {
  const report = reportSchema.parse(unsafeReport);
  const failed = report.success ? report.numFailedTests : Math.max(report.numFailedTests, 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

/** A check without tests of its own. */
export function tallyExitCode(exitCode: number): Tally {
  return exitCode === 0 ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

export function addTallies(tallies: readonly Tally[]): Tally {
  return tallies.reduce(
    (sum, { passed, failed, skipped }) => ({
      passed: sum.passed + passed,
      failed: sum.failed + failed,
      skipped: sum.skipped + skipped,
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
