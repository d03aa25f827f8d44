import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { runVisible } from './run-visible.js';
import { tallyExitCode, tallyFaultsReport, type Tally } from './tally.js';

/**
 * Runs the fault laboratory (`test/src/faults/main.ts`) and counts its scenarios.
 * @param environmentFile what the testkit reads
 */
export async function runFaults(
  context: LocalContext,
  environmentFile: string,
  args: readonly string[],
): Promise<{ exitCode: number; tally: Tally }> {
  const report = join(context.localDir, 'test', 'faults.json');
  mkdirSync(join(report, '..'), { recursive: true });
  rmSync(report, { force: true });
  const program = join(context.repoDir, 'test', 'dist', 'faults', 'main.js');
  const exitCode = await runVisible(context, process.execPath, [program, ...args], {
    CCLUSTER_TEST_ENVIRONMENT: environmentFile,
    CCLUSTER_FAULTS_REPORT: report,
  });
  if (!existsSync(report)) return { exitCode: exitCode || 1, tally: tallyExitCode(exitCode || 1) }; // No report is no success.
  return { exitCode, tally: tallyFaultsReport(JSON.parse(readFileSync(report, 'utf8')), exitCode) };
}
