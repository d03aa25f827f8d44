import { errorText } from '@ccluster/runtime';
import type { ObjectChange } from './object-store.js';
import type { ReflectorAnomaly, ReflectorOptions } from './reflector-options.js';

/** Whoever reads a reflection. What he throws is his own fault and must not end it. */
export class ReflectionReader<T> {
  readonly #options: Pick<ReflectorOptions<T>, 'path' | 'onChange' | 'onAnomaly' | 'log'>;

  constructor(options: Pick<ReflectorOptions<T>, 'path' | 'onChange' | 'onAnomaly' | 'log'>) {
    this.#options = options;
  }

  tell(changes: readonly ObjectChange<T>[]): void {
    if (changes.length === 0) return;
    try {
      this.#options.onChange(changes);
    } catch (error) {
      this.report({ code: 'HANDLER_FAILED', message: errorText(error) });
    }
  }

  report(anomaly: ReflectorAnomaly): void {
    const { path, log, onAnomaly } = this.#options;
    log.warn({ path, code: anomaly.code, anomaly: anomaly.message, error: anomaly.fault }, 'reflector anomaly');
    try {
      onAnomaly?.(anomaly);
    } catch (error) {
      log.warn({ path, error }, 'a reader of anomalies failed');
    }
  }
}
