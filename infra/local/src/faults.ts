import { startEnvironment } from './environment.js';
import type { Outcome } from './outcome.js';
import type { LocalContext } from './support/context.js';
import { runFaults } from './test/run-faults.js';
import { summaryLine } from './test/tally.js';
import { writeTestEnvironment } from './test/write-test-environment.js';

/** `npm run faults`: the environment, and the fault laboratory on it; its exit code is ours. */
export async function faults(context: LocalContext, args: readonly string[]): Promise<Outcome> {
  const environmentFile = await writeTestEnvironment(context, await startEnvironment(context));
  const { exitCode, tally } = await runFaults(context, environmentFile, args);
  return { exitCode, lastLine: summaryLine(tally) };
}
