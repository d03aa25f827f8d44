import { startLifecycle, type Lifecycle } from './lifecycle.js';
import { createLogger, type Logger } from './logger.js';

/** Kubernetes kills after its grace time; the stop must have ended well before, `drainMs` included. */
export const STOP_TIMEOUT_MS = 9_000;

/**
 * Runs a service: `main` acquires things and registers their release with the lifecycle, then returns. SIGTERM and
 * SIGINT stop it within ten seconds after `drainMs` with exit code 0; 1 where something could not be stopped. An error of
 * `main`, or one that nobody caught, is logged, stops it without draining and gives 1.
 * @param main may set the logger's `level` and the lifecycle's `drainMs` once it knows its configuration
 */
export function runMain(name: string, main: (lifecycle: Lifecycle, log: Logger) => Promise<void>): void {
  const log = createLogger(name);
  const lifecycle = startLifecycle({ log, stopTimeoutMs: STOP_TIMEOUT_MS });

  const end = async (exitCode: 0 | 1): Promise<never> => {
    const clean = await lifecycle.stop(exitCode === 0 ? 'DRAINED' : 'AT_ONCE').then(
      () => true,
      () => false,
    );
    log.info({ clean }, 'stopped');
    return process.exit(clean ? exitCode : 1);
  };
  const fail = (error: unknown): void => {
    log.fatal({ error }, 'failed');
    void end(1);
  };
  const endOnSignal = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping');
    void end(0);
  };

  process.on('SIGTERM', endOnSignal).on('SIGINT', endOnSignal);
  process.on('uncaughtException', fail).on('unhandledRejection', fail);
  // Whatever startup meets once the stop has begun is the stop's doing.
  main(lifecycle, log).catch((error: unknown) => (lifecycle.signal.aborted ? undefined : fail(error)));
}
