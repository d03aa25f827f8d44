import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { CommandFailed, runCommand } from '../support/run-command.js';
import { tallyExitCode, type Tally } from './tally.js';

/** Whether the committed code of the client is what its operations and the schema give. Writes nothing. */
export async function checkClient({ repoDir, env, progress, signal }: LocalContext): Promise<Tally> {
  const cwd = join(repoDir, 'packages', 'client');
  const tool = join(cwd, 'node_modules', '.bin', 'graphql-codegen');
  try {
    await runCommand(tool, ['--check'], { cwd, env, signal, timeoutMs: 60_000 });
  } catch (error) {
    if (!(error instanceof CommandFailed) || signal.aborted) throw error;
    progress.say(`${error.output}\n✗ run \`pnpm -C packages/client run generate\` and commit what it writes`);
    return tallyExitCode(1);
  }
  progress.say('packages/client/src/generated.ts is what its operations and the schema give');
  return tallyExitCode(0);
}
