import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { runCommand } from '../support/run-command.js';
import { tallyExitCode, type Tally } from './tally.js';

/** Whether the committed schema.graphql is what the api serves. */
export async function checkSchema({ repoDir, progress, signal }: LocalContext): Promise<Tally> {
  const program = join(repoDir, 'services', 'api', 'dist', 'print-schema.js');
  const served = await runCommand(process.execPath, [program], { signal, timeoutMs: 60_000 });
  const isCommitted = served === readFileSync(join(repoDir, 'schema.graphql'), 'utf8');
  progress.say(
    isCommitted
      ? 'schema.graphql is what the api serves'
      : '✗ schema.graphql differs from what the api serves: run `node services/api/dist/print-schema.js > schema.graphql` and commit it',
  );
  return tallyExitCode(isCommitted ? 0 : 1);
}
