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

const faultsReportSchema = z.object({ passed: z.number(), failed: z.number(), skipped: z.number() });

/** Counts the fault laboratory's report; a run that failed without a failed scenario counts as one failure. */
export function tallyFaultsReport(unsafeReport: unknown, exitCode: number): Tally {
  const { passed, failed, skipped } = faultsReportSchema.parse(unsafeReport);
  return { passed, failed: exitCode === 0 ? failed : Math.max(failed, 1), skipped };
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
