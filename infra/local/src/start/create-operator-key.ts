import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { runCommand } from '../support/run-command.js';
import type { ServiceEnv } from './run-services.js';

/** A new OPERATOR key of organization `default`, made by the api's own command for the first key. */
export async function createOperatorKey({ repoDir, signal }: LocalContext, env: ServiceEnv): Promise<string> {
  const program = join(repoDir, 'services', 'api', 'dist', 'create-key.js');
  const output = await runCommand(process.execPath, [program, 'default', 'OPERATOR'], {
    env,
    signal,
    timeoutMs: 30_000,
  });
  return output.trim();
}
