import { spawn } from 'node:child_process';
import { basename, join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { killGroup, recordDaemon } from '../support/daemon-records.js';

const NOT_RUN_EXIT_CODE = 127;

/** Runs a tool of node_modules/.bin as `runVisible` does. */
export function runVisibleTool(
  context: LocalContext,
  tool: string,
  args: readonly string[],
  env?: Record<string, string>,
): Promise<number> {
  return runVisible(context, join(context.repoDir, 'node_modules', '.bin', tool), args, env);
}

/**
 * Runs a program with its output shown and nothing to read, and ends whatever it left running.
 * Gives its exit code, 127 when it cannot run or a signal ended it.
 */
export async function runVisible(
  context: LocalContext,
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<number> {
  const child = spawn(program, args, {
    cwd: context.repoDir,
    env: { ...context.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true, // A process group, so that what tests start in turn can be ended with it.
  });
  const { pid } = child;
  if (pid === undefined) return NOT_RUN_EXIT_CODE;
  const forget = recordDaemon(context, basename(program), pid);
  const end = (): void => killGroup(pid, 'SIGTERM');
  context.signal.addEventListener('abort', end);
  const exitCode = await new Promise<number>((resolve) =>
    child.once('exit', (code) => resolve(code ?? NOT_RUN_EXIT_CODE)),
  );
  context.signal.removeEventListener('abort', end);
  killGroup(pid, 'SIGKILL');
  forget();
  context.signal.throwIfAborted();
  return exitCode;
}
