import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { faults } from './faults.js';
import { keepEnvironment } from './keep-environment.js';
import type { Outcome } from './outcome.js';
import { start } from './start.js';
import type { LocalContext } from './support/context.js';
import { describeFailure } from './support/describe-failure.js';
import { openContext } from './support/open-context.js';
import { test } from './test.js';
import { NOTHING, summaryLine } from './test/tally.js';

const repoDir = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const STOPPED_EXIT_CODE = 130;

/** `start [--once]`, `test`, `faults [arguments of the laboratory]` or `environment`: sets up, works, and stops everything. */
async function main(command: string | undefined, args: string[]): Promise<Outcome> {
  const { context, askToStop, stopAll } = await openContext(repoDir, process.env, process.stdout);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, askToStop);
  try {
    return await runCommandNamed(command, args, context);
  } catch (error) {
    if (context.signal.aborted) return { exitCode: STOPPED_EXIT_CODE };
    throw error;
  } finally {
    askToStop(); // From here on, what ends was meant to end.
    const errors = await context.progress.run('stop everything', stopAll);
    errors.forEach((error) => console.error(describeFailure(error)));
  }
}

async function runCommandNamed(command: string | undefined, args: string[], context: LocalContext): Promise<Outcome> {
  switch (command) {
    case 'start':
      return start(context, { endsAfterSample: args.includes('--once') });
    case 'test':
      return test(context);
    case 'faults':
      return faults(context, args);
    case 'environment':
      return keepEnvironment(context);
    default:
      throw new Error(`unknown command ${command ?? '(none)'}: start, start --once, test, faults or environment`);
  }
}

try {
  const { exitCode, lastLine } = await main(process.argv[2], process.argv.slice(3));
  if (lastLine !== undefined) console.log(lastLine);
  process.exit(exitCode); // What a stop gave up waiting for must not keep us alive.
} catch (error) {
  console.error(describeFailure(error));
  if (process.argv[2] === 'test') console.log(summaryLine({ ...NOTHING, failed: 1 }));
  process.exit(1);
}
