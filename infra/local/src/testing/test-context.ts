import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { LocalContext } from '../support/context.js';
import { createStopStack, type StopStack } from '../support/stop-stack.js';

/** A context on a folder of its own, with what it printed. */
export interface TestContext {
  context: LocalContext;
  printed: string[];
  stopAll: StopStack['stopAll'];
  /** Removes the folder. */
  remove: () => void;
}

export function createTestContext(signal: AbortSignal = new AbortController().signal): TestContext {
  const repoDir = mkdtempSync(join(tmpdir(), 'ccluster-local-'));
  const printed: string[] = [];
  const stops = createStopStack();
  return {
    context: {
      repoDir,
      localDir: join(repoDir, '.local'),
      instance: 0,
      env: { PATH: process.env['PATH'] },
      progress: { say: (line) => void printed.push(line), run: (_, work) => work({ note: () => undefined }) },
      signal,
      onStop: stops.onStop,
    },
    printed,
    stopAll: stops.stopAll,
    remove: () => rmSync(repoDir, { recursive: true, force: true }),
  };
}
