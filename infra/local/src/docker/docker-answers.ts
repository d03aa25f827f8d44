import type { LocalContext } from '../support/context.js';
import { CommandFailed, runCommand } from '../support/run-command.js';

const ANSWER_TIMEOUT_MS = 3_000;

/** Whether a Docker daemon answers within 3 s and its compose plugin is there. */
export async function dockerAnswers({ signal }: Pick<LocalContext, 'signal'>): Promise<boolean> {
  const limits = { signal, timeoutMs: ANSWER_TIMEOUT_MS };
  try {
    await runCommand('docker', ['info', '--format', '{{.ServerVersion}}'], limits);
    await runCommand('docker', ['compose', 'version'], limits);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}
