import { sleep } from '../clock.js';
import type { Lifecycle } from '../lifecycle.js';
import type { Logger } from '../logger.js';
import { occasionalWarning } from '../occasional-log.js';
import type { TracingConfig } from './tracing-config.js';

/** A collector that does not take the last spans by then does not get them. */
const FLUSH_TIMEOUT_MS = 2_000;

/**
 * Traces from here on, where that is configured; what it needs is loaded only then. To be called before anything else is
 * acquired, so that what stops later is still traced. Nothing that the collector does is felt by the service.
 */
export async function startTracing(
  config: TracingConfig | undefined,
  lifecycle: Lifecycle,
  log: Logger,
): Promise<void> {
  if (config === undefined) return;
  const { openSdk } = await import('./sdk.js');
  const sdk = openSdk(config, occasionalWarning(log, 'traces could not be sent'));
  lifecycle.onStop('traces', async () => {
    const flushed = new AbortController();
    await Promise.race([sdk.shutdown(), sleep(FLUSH_TIMEOUT_MS, flushed.signal)]);
    flushed.abort();
  });
}
