import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { runVisibleTool } from './run-visible.js';
import { tallyExitCode, tallyReport, type Tally } from './tally.js';

/** Runs one project of vitest.config.ts and counts its tests. */
export async function runVitest(context: LocalContext, project: string, env?: Record<string, string>): Promise<Tally> {
  const report = join(context.localDir, 'test', `${project}.json`);
  mkdirSync(join(report, '..'), { recursive: true });
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const exitCode = await runVisibleTool(context, 'vitest', ['run', '--project', project, ...reporters], env);
  if (!existsSync(report)) return tallyExitCode(exitCode === 0 ? 1 : exitCode); // No report is no success.
  return tallyReport(JSON.parse(readFileSync(report, 'utf8')));
}
