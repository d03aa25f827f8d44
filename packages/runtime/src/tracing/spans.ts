import { context, SpanKind, SpanStatusCode, trace, type Context, type Span } from '@opentelemetry/api';
import { placeOf, type TraceOrigin } from './trace-origin.js';

const SCOPE = 'ccluster';

/** Ids, codes and names of the schema: never a text that a caller, a container or a cluster wrote. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanOptions {
  /** SERVER: answers a request; CLIENT: makes one. */
  readonly kind?: 'SERVER' | 'CLIENT';
  readonly attributes?: SpanAttributes;
  /** What it follows from, where that was another process's; otherwise it is part of what is under way here. */
  readonly origin?: TraceOrigin;
  /** When it began, milliseconds since 1970, where that was before now. */
  readonly beganMs?: number;
}

/** Runs `work` in a span. An error is noted by its type alone: its text is in the log, which knows what must not be told. */
export function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const { span, parent } = startSpan(name, options);
  return context.with(trace.setSpan(parent, span), async () => {
    try {
      return await work();
    } catch (error) {
      fail(span, errorType(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The same, only where a span of this process is under way: what runs by itself begins no traces. */
export function inChildSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const active = trace.getActiveSpan()?.spanContext();
  return active === undefined || active.isRemote === true ? work() : inSpan(name, options, work);
}

/** A span that is over, for what is worth one only now that its outcome is known. */
export function recordSpan(name: string, options: SpanOptions & { readonly beganMs: number }): void {
  startSpan(name, options).span.end();
}

/** Adds to what is said of the span that is under way. */
export function noteInSpan(attributes: SpanAttributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

/** The span under way turns out to be this. */
export function renameSpan(name: string): void {
  trace.getActiveSpan()?.updateName(name);
}

/** @param type a code, as `error.type` */
export function failSpan(type: string): void {
  const span = trace.getActiveSpan();
  if (span !== undefined) fail(span, type);
}

/** @returns runs what belongs to the work under way after that has ended, so that its log lines name the trace */
export function keepTrace(): <T>(work: () => T) => T {
  const kept = context.active();
  return (work) => context.with(kept, work);
}

function startSpan(name: string, options: SpanOptions): { readonly span: Span; readonly parent: Context } {
  const { kind, attributes = {}, origin, beganMs } = options;
  const { parent, linked } = origin === undefined ? { parent: context.active(), linked: undefined } : placeOf(origin);
  const span = trace.getTracer(SCOPE).startSpan(
    name,
    {
      kind: kind === undefined ? SpanKind.INTERNAL : SpanKind[kind],
      attributes,
      ...(beganMs === undefined ? {} : { startTime: beganMs }),
      ...(linked === undefined ? {} : { links: [{ context: linked }] }),
    },
    parent,
  );
  return { span, parent };
}

function fail(span: Span, type: string): void {
  span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR });
}

/** A code of ours, of PostgreSQL or of the network; the name of its class where it has none that is one. */
function errorType(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, kind } = error as { readonly code?: unknown; readonly kind?: unknown };
  const isCode = (value: unknown) => typeof value === 'string' && /^[A-Z0-9_]{1,64}$/.test(value);
  const type = [code, kind].find(isCode) ?? error.name;
  return typeof type === 'string' && /^\w{1,64}$/.test(type) ? type : 'Error';
}
