import { once } from 'node:events';

import { startEnvironment } from './environment.js';
import type { Outcome } from './outcome.js';
import type { LocalContext } from './support/context.js';
import { writeTestEnvironment } from './test/write-test-environment.js';

/** Starts what the tests need and keeps it up until stopped, so that single tests can be run against it again and again. */
export async function keepEnvironment(context: LocalContext): Promise<Outcome> {
  const file = await writeTestEnvironment(context, await startEnvironment(context));
  context.progress.say(`\nexport CCLUSTER_TEST_ENVIRONMENT=${file}\n\nCtrl-C stops everything.`);
  await once(context.signal, 'abort');
  return { exitCode: 0 };
}
