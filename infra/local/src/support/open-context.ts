import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { lockCheckout } from './checkout-lock.js';
import { claimInstance } from './claim-instance.js';
import type { LocalContext } from './context.js';
import { createProgress } from './progress.js';
import { createStopStack } from './stop-stack.js';

export interface OpenContext {
  context: LocalContext;
  /** Makes what is being set up give up, and what waits for the end go on to it. */
  askToStop: () => void;
  /** Releases everything, newest first; gives what went wrong. */
  stopAll: () => Promise<Error[]>;
}

/** The context of one run in this checkout, held by its lock until stopped. Throws CheckoutBusy. */
export async function openContext(
  repoDir: string,
  env: LocalContext['env'],
  output: NodeJS.WriteStream,
): Promise<OpenContext> {
  const localDir = join(repoDir, '.local');
  mkdirSync(localDir, { recursive: true });
  const stops = createStopStack();
  const stopping = new AbortController();
  const unlock = lockCheckout(localDir);
  stops.onStop('lock', async () => unlock());
  const { instance, release } = await claimInstance(localDir);
  stops.onStop('instance number', release);
  return {
    context: {
      repoDir,
      localDir,
      instance,
      env,
      progress: createProgress(output),
      signal: stopping.signal,
      onStop: stops.onStop,
    },
    askToStop: () => stopping.abort(new Error('stopped')),
    stopAll: stops.stopAll,
  };
}
