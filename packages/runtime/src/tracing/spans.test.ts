import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutCrash, type AtRisk } from '../crash-points.js';
import { createLogger } from '../logger.js';
import { recordSpans, type RecordedSpans } from '../testing/record-spans.js';
import { inChildSpan, inSpan, keepTrace, noteInSpan, recordSpan, renameSpan } from './spans.js';
import { currentTraceparent, withCallersTrace, withTraceOf } from './trace-origin.js';
import { tracedSteps } from './traced-steps.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;
const HOUR_MS = 3_600_000;
const CANARY = 'canary-2c1d';

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => spans.stop());

const nothing = () => Promise.resolve();

describe('a span', () => {
  it('has its name, kind and attributes, and what is noted in it', async () => {
    const result = await inSpan('graphql', { kind: 'SERVER', attributes: { a: 1 } }, async () => {
      await nothing();
      noteInSpan({ b: 'x' });
      renameSpan('query jobs');
      return 7;
    });
    expect(result).toBe(7);
    expect(spans.one('query jobs')).toMatchObject({ kind: SpanKind.SERVER, attributes: { a: 1, b: 'x' } });
  });

  it('is the parent of what happens in it', async () => {
    await inSpan('outer', {}, () => inChildSpan('inner', {}, nothing));
    expect(spans.one('inner').parentSpanContext).toEqual(spans.one('outer').spanContext());
  });

  it('is made for a child only within another of this process', async () => {
    await inChildSpan('alone', {}, nothing);
    await withCallersTrace(TRACEPARENT, () => inChildSpan('of somebody else', {}, nothing));
    expect(spans.all()).toEqual([]);
  });

  it.each([
    [Object.assign(new Error(CANARY), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [Object.assign(new Error(CANARY), { kind: 'NOT_FOUND' }), 'NOT_FOUND'],
    [Object.assign(new Error(CANARY), { code: `no code: ${CANARY}` }), 'Error'],
    [Object.assign(new TypeError(CANARY), { cause: new Error(CANARY) }), 'TypeError'],
    [Object.assign(new Error(CANARY), { name: `${CANARY} ${CANARY}` }), 'Error'],
    [CANARY, 'unknown'],
  ])('names of an error its type and no text: %s', async (error, type) => {
    // What is thrown may be no error.
    const failing = inSpan('failing', {}, async () => {
      throw error as Error;
    });
    await expect(failing).rejects.toBe(error);
    const { attributes, status, events } = spans.one('failing');
    expect({ attributes, status, events }).toEqual({
      attributes: { 'error.type': type },
      status: { code: SpanStatusCode.ERROR },
      events: [],
    });
  });

  it('has values of at most 256 characters', async () => {
    await inSpan('long', { attributes: { a: 'x'.repeat(1_000) } }, nothing);
    expect(spans.one('long').attributes['a']).toHaveLength(256);
  });

  it('can be recorded once it is over', () => {
    const beganMs = Date.now() - 2_000;
    recordSpan('place', { beganMs });
    const { startTime, duration } = spans.one('place');
    expect(startTime[0] * 1000 + startTime[1] / 1e6).toBeCloseTo(beganMs, 0);
    expect(duration[0]).toBe(2);
  });
});

describe("a caller's trace", () => {
  it('is gone on with', async () => {
    await withCallersTrace(TRACEPARENT, () => inSpan('own', {}, nothing));
    expect(spans.one('own').spanContext().traceId).toBe(TRACE_ID);
    expect(spans.one('own').parentSpanContext?.spanId).toBe(SPAN_ID);
  });

  it('that is not sampled is not recorded', async () => {
    await withCallersTrace(`00-${TRACE_ID}-${SPAN_ID}-00`, () => inSpan('own', {}, nothing));
    expect(spans.all()).toEqual([]);
  });

  it.each([
    undefined,
    '',
    'canary',
    `${TRACEPARENT}-more`,
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    [TRACEPARENT],
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    'x'.repeat(100_000),
  ])('that is none begins another', async (traceparent) => {
    await withCallersTrace(traceparent, () => inSpan('own', {}, nothing));
    expect(spans.one('own').parentSpanContext).toBeUndefined();
  });
});

describe('what was decided elsewhere', () => {
  const workOf = (ageMs: number, traceparent: string | null = TRACEPARENT) =>
    inSpan('work', { origin: { traceparent, ageMs } }, nothing);

  it('is followed in the same trace, for an hour', async () => {
    await workOf(HOUR_MS);
    expect(spans.one('work')).toMatchObject({ parentSpanContext: { traceId: TRACE_ID, spanId: SPAN_ID }, links: [] });
  });

  it('is linked to after that', async () => {
    await workOf(HOUR_MS + 1);
    const { parentSpanContext, links } = spans.one('work');
    expect(parentSpanContext).toBeUndefined();
    expect(links).toMatchObject([{ context: { traceId: TRACE_ID, spanId: SPAN_ID } }]);
  });

  it('begins a trace where it was not traced, whatever is under way here', async () => {
    await inSpan('outer', {}, () => workOf(0, null));
    expect(spans.one('work')).toMatchObject({ links: [] });
    expect(spans.one('work').parentSpanContext).toBeUndefined();
  });

  it('is told in 55 characters', async () => {
    expect(currentTraceparent()).toBeUndefined();
    const told = await inSpan('mutation', {}, async () => currentTraceparent());
    const { traceId, spanId } = spans.one('mutation').spanContext();
    expect(told).toBe(`00-${traceId}-${spanId}-01`);
    await withTraceOf({ traceparent: told ?? null, ageMs: 0 }, async () => expect(currentTraceparent()).toBe(told));
  });
});

describe('log lines', () => {
  it('name the trace that they are written in, also where nothing of it is recorded here', async () => {
    const lines: unknown[] = [];
    const log = createLogger('api', { write: (line: string) => lines.push(JSON.parse(line)) });
    log.info('outside');
    let goOn = keepTrace();
    await inSpan('outer', {}, async () => {
      goOn = keepTrace();
      log.child({ a: 1 }).info('inside');
    });
    goOn(() => log.info('after it'));
    withTraceOf({ traceparent: TRACEPARENT, ageMs: 0 }, () => log.info({ error: new Error('lost') }, 'of it'));
    const { traceId, spanId } = spans.one('outer').spanContext();
    expect(lines[0]).not.toHaveProperty('traceId');
    expect(lines).toMatchObject([
      { msg: 'outside' },
      { msg: 'inside', a: 1, traceId, spanId },
      { msg: 'after it', traceId, spanId },
      { msg: 'of it', traceId: TRACE_ID, spanId: SPAN_ID },
    ]);
  });
});

describe('steps', () => {
  it('are spans where they are part of a trace', async () => {
    const atRisk: AtRisk<'dispatcher'> = tracedSteps(withoutCrash);
    expect(await atRisk('claim', async () => 1)).toBe(1);
    await inSpan('work on job', {}, () => atRisk('place', nothing));
    expect(spans.all().map(({ name }) => name)).toEqual(['place', 'work on job']);
  });
});
