import { InMemorySpanExporter, SimpleSpanProcessor, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { installTracing } from '../tracing/sdk.js';

export interface RecordedSpans {
  /** Those that have ended, the first to end first. */
  all(): ReadableSpan[];
  /** Throws where there is not exactly one. */
  one(name: string): ReadableSpan;
  stop(): Promise<void>;
}

/** Keeps the spans of this process, until `stop`. @param ratio of the traces that begin here */
export function recordSpans(ratio = 1): RecordedSpans {
  const exporter = new InMemorySpanExporter();
  const sdk = installTracing(new SimpleSpanProcessor({ exporter }), { ratio, serviceName: 'test' });
  const all = () => exporter.getFinishedSpans();
  return {
    all,
    one: (name) => {
      const [span, ...others] = all().filter((each) => each.name === name);
      if (span === undefined || others.length > 0)
        throw new Error(
          `Not one span ${name}: ${all()
            .map((each) => each.name)
            .join(', ')}`,
        );
      return span;
    },
    stop: () => sdk.shutdown(),
  };
}
