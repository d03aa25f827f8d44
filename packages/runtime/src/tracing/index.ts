export {
  failSpan,
  inChildSpan,
  inSpan,
  keepTrace,
  noteInSpan,
  recordSpan,
  renameSpan,
  type SpanAttributes,
} from './spans.js';
export { startTracing } from './start-tracing.js';
export { currentTraceparent, withCallersTrace, withTraceOf, type TraceOrigin } from './trace-origin.js';
export { tracedSteps } from './traced-steps.js';
export { tracingConfigOf, tracingVariables, type TracingConfig } from './tracing-config.js';
