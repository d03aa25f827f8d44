import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { runCommand } from '../support/run-command.js';
import { tallyExitCode, type Tally } from './tally.js';

/** Prints what `pnpm --filter @ccluster/api schema` would write. In a process of its own: the api is no part of us. */
const PRINT_SCHEMA = `
  import { printApiSchema } from './services/api/dist/schema.js';
  process.stdout.write(printApiSchema());
`;

/** Whether the committed schema.graphql is what the api serves. */
export async function checkSchema({ repoDir, progress, signal }: LocalContext): Promise<Tally> {
  const served = await runCommand(process.execPath, ['--input-type=module', '--eval', PRINT_SCHEMA], {
    cwd: repoDir,
    signal,
    timeoutMs: 60_000,
  });
  const isCommitted = served === readFileSync(join(repoDir, 'schema.graphql'), 'utf8');
  progress.say(
    isCommitted
      ? 'schema.graphql is what the api serves'
      : '✗ schema.graphql differs from what the api serves: run `pnpm --filter @ccluster/api schema` and commit it',
  );
  return tallyExitCode(isCommitted ? 0 : 1);
}
