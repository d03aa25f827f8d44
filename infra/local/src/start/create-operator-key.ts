import { join } from 'node:path';

import { z } from 'zod';

import type { LocalContext } from '../support/context.js';
import { runCommand } from '../support/run-command.js';
import type { ServiceEnv } from './run-services.js';

const createdSchema = z.object({ key: z.string() });

/** A new OPERATOR key of organization `default`, made by the api's own command for first keys. */
export async function createOperatorKey({ repoDir, signal }: LocalContext, env: ServiceEnv): Promise<string> {
  const program = join(repoDir, 'services', 'api', 'dist', 'create-key.js');
  const args = ['--organization', 'default', '--role', 'OPERATOR', '--name', 'npm start'];
  const output = await runCommand(process.execPath, [program, ...args], { env, signal, timeoutMs: 30_000 });
  return createdSchema.parse(JSON.parse(output)).key;
}
