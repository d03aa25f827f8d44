import { expect, it } from 'vitest';
import { recordSpans } from '../testing/record-spans.js';
import { inSpan } from './spans.js';
import { currentTraceparent, withCallersTrace } from './trace-origin.js';

const nothing = () => Promise.resolve();

it('a ratio records that part of the traces that begin here, whole, and all that callers record', async () => {
  const spans = recordSpans(0.25);
  try {
    for (let trace = 0; trace < 2_000; trace += 1) await inSpan('outer', {}, () => inSpan('inner', {}, nothing));
    const recorded = spans.all().filter(({ name }) => name === 'outer').length;
    expect(recorded).toBeGreaterThan(380);
    expect(recorded).toBeLessThan(620);
    expect(spans.all()).toHaveLength(2 * recorded);
    await withCallersTrace(`00-${'f'.repeat(32)}-${'1'.repeat(16)}-01`, () => inSpan("a caller's", {}, nothing));
    expect(spans.one("a caller's").spanContext().traceId).toBe('f'.repeat(32));
  } finally {
    await spans.stop();
  }
});

it('a trace that is not recorded still has an id for the log, and for who goes on with it', async () => {
  const spans = recordSpans(0);
  try {
    expect(await inSpan('outer', {}, async () => currentTraceparent())).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(spans.all()).toEqual([]);
  } finally {
    await spans.stop();
  }
});

it('without tracing everything runs, and nothing is told', async () => {
  expect(await inSpan('outer', {}, () => inSpan('inner', {}, async () => currentTraceparent() ?? 7))).toBe(7);
  expect(withCallersTrace(`00-${'f'.repeat(32)}-${'1'.repeat(16)}-01`, currentTraceparent)).toBeUndefined();
});
