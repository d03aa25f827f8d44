import { context, propagation, ROOT_CONTEXT, trace, type Context, type SpanContext } from '@opentelemetry/api';

/** A decision of another process, perhaps of long ago, that the work of this one follows from. */
export interface TraceOrigin {
  /** As `currentTraceparent` gave it there; null: it was not traced. */
  readonly traceparent: string | null;
  readonly ageMs: number;
}

/** A trace that grows for longer than this is one that no tool shows: later work has its own, linked to it. */
const MAX_TRACE_AGE_MS = 3_600_000;
/** Of version 00 of W3C's Trace Context. */
const TRACEPARENT_LENGTH = 55;

/** For another process that goes on with this; undefined where nothing is traced. */
export function currentTraceparent(): string | undefined {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent?.length === TRACEPARENT_LENGTH ? carrier.traceparent : undefined;
}

/** Runs `work` as part of a caller's trace, where it sent the `traceparent` of one; its own words, `tracestate`, are not taken. */
export function withCallersTrace<T>(unsafeTraceparent: unknown, work: () => T): T {
  if (typeof unsafeTraceparent !== 'string') return work();
  return context.with(contextOf(unsafeTraceparent), work);
}

/** Runs `work` so that its log lines name the trace of its origin. Records nothing. */
export function withTraceOf<T>({ traceparent }: TraceOrigin, work: () => T): T {
  return traceparent === null ? work() : context.with(contextOf(traceparent), work);
}

/** Where a span that follows from `origin` belongs. */
export function placeOf({ traceparent, ageMs }: TraceOrigin): { parent: Context; linked: SpanContext | undefined } {
  if (traceparent === null) return { parent: ROOT_CONTEXT, linked: undefined };
  const parent = contextOf(traceparent);
  if (ageMs <= MAX_TRACE_AGE_MS) return { parent, linked: undefined };
  return { parent: ROOT_CONTEXT, linked: trace.getSpanContext(parent) };
}

function contextOf(unsafeTraceparent: string): Context {
  return propagation.extract(ROOT_CONTEXT, { traceparent: unsafeTraceparent });
}
