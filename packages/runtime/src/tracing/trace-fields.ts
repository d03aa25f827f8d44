import { trace } from '@opentelemetry/api';

/** What a log line says of the trace that it was written in: so an id in a log leads to the trace, and back. */
export function traceFields(): { traceId?: string; spanId?: string } {
  const active = trace.getActiveSpan()?.spanContext();
  return active === undefined ? {} : { traceId: active.traceId, spanId: active.spanId };
}
