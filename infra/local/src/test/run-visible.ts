import { spawn } from 'node:child_process';

import type { LocalContext } from '../support/context.js';

const COMMAND_NOT_RUN = 127;

/** Runs a command in the checkout with its output shown and nothing to read; gives its exit code, 127 when it cannot run. */
export function runVisible(
  context: LocalContext,
  [command, ...args]: readonly [string, ...string[]],
  env: Record<string, string> = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd: context.repoDir,
    env: { ...context.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    signal: context.signal,
  });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => (context.signal.aborted ? reject(error) : resolve(COMMAND_NOT_RUN)));
    child.once('exit', (code) => resolve(code ?? COMMAND_NOT_RUN));
  });
}
