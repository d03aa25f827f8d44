import { startEnvironment } from './environment.js';
import type { Outcome } from './outcome.js';
import type { LocalContext } from './support/context.js';
import { describeFailure } from './support/describe-failure.js';
import { checkClient } from './test/check-client.js';
import { checkSchema } from './test/check-schema.js';
import { runFaults } from './test/run-faults.js';
import { runVisibleTool } from './test/run-visible.js';
import { runVitest } from './test/run-vitest.js';
import { addTallies, exitCodeOf, NOTHING, summaryLine, tallyExitCode, type Tally } from './test/tally.js';
import { writeTestEnvironment } from './test/write-test-environment.js';

/** Always the same choices, so that a run that fails can be had again. */
const SEED = '1';

type Check = (context: LocalContext) => Promise<Tally>;

/** Without services, cheapest first. Types were checked by the build that made this program. */
const CHECKS: [heading: string, check: Check][] = [
  ['lint', runTool('oxlint')],
  ['format', runTool('oxfmt', '--check')],
  ['unused code', runTool('knip')],
  ['schema', checkSchema],
  ['client', checkClient],
  ['unit tests', (context) => runVitest(context, 'unit')],
  ['model', (context) => runVitest(context, 'model')],
];

/** `npm test`: every check and test. */
export async function test(context: LocalContext): Promise<Outcome> {
  const tallies: Tally[] = [];
  for (const [heading, check] of CHECKS) tallies.push(await runUnder(context, heading, check));
  let environmentFile = '';
  const prepare: Check = async () => {
    environmentFile = await writeTestEnvironment(context, await startEnvironment(context));
    return NOTHING;
  };
  tallies.push(await runUnder(context, 'environment', prepare));
  if (environmentFile !== '') {
    const env = { CCLUSTER_TEST_ENVIRONMENT: environmentFile };
    tallies.push(await runUnder(context, 'integration tests', () => runVitest(context, 'integration', env)));
    tallies.push(await runUnder(context, 'end-to-end tests', () => runVitest(context, 'e2e', env)));
    tallies.push(await runUnder(context, 'faults, short', () => runShortFaults(context, environmentFile)));
  }
  const tally = addTallies(tallies);
  for (const failure of tally.failures) context.progress.say(`✗ ${failure}`);
  return { exitCode: exitCodeOf(tally), lastLine: summaryLine(tally) };
}

async function runShortFaults(context: LocalContext, environmentFile: string): Promise<Tally> {
  return (await runFaults(context, environmentFile, ['--short', '--seed', SEED])).tally;
}

/** A check that cannot be run is a failed one; a stop ends them all. What failed is named once more at the end. */
async function runUnder(context: LocalContext, heading: string, check: Check): Promise<Tally> {
  context.progress.say(`\n── ${heading} ${'─'.repeat(100 - heading.length)}`);
  const tally = await check(context).catch((error: unknown) => {
    context.signal.throwIfAborted();
    context.progress.say(describeFailure(error));
    return tallyExitCode(1);
  });
  const failures = tally.failed > 0 && tally.failures.length === 0 ? [''] : tally.failures;
  return { ...tally, failures: failures.map((failure) => `${heading}: ${failure}`) };
}

function runTool(tool: string, ...args: string[]): Check {
  return async (context) => tallyExitCode(await runVisibleTool(context, tool, args));
}
