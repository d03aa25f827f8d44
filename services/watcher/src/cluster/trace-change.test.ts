import type { RecordedChange, WatchedJob } from '@ccluster/db';
import { initialState, type ArmedState } from '@ccluster/domain';
import { recordSpans, type RecordedSpans } from '@ccluster/runtime/testing';
import { aPlacement } from '@ccluster/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { traceChange } from './trace-change.js';

const CANARY = 'canary-6e3f';
const now = new Date('2026-01-01T12:00:00Z');
const row = {
  traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  tracedAt: new Date('2026-01-01T11:30:00Z'),
  now,
};
const starting: ArmedState = {
  phase: 'ARMED',
  placement: aPlacement(),
  kubernetesUid: 'uid-1',
  want: 'RUN',
  resuming: false,
  intent: { decided: 1, applied: 1, released: true, resourceVersion: '1', appliedAt: '2026-01-01T11:30:00Z' },
  ran: false,
  stopped: false,
  reason: null,
};
const running: ArmedState = {
  ...starting,
  ran: true,
  reason: { code: 'SOMETHING', message: CANARY, since: '2026-01-01T11:30:00Z' },
};

let spans: RecordedSpans;
beforeEach(() => {
  spans = recordSpans();
});
afterEach(() => spans.stop());

function trace(change: Partial<RecordedChange>, of: Partial<WatchedJob> = {}): void {
  const recorded = { jobId: 'job_1', organizationId: 'org_1', before: starting, after: running, eventSequence: 3 };
  traceChange('record observation', { ...row, ...of }, { ...recorded, ...change }, Date.now() - 20);
}

it('a change of the status is a span in the trace of the request, and tells no reason', () => {
  trace({});
  const span = spans.one('record observation');
  expect(span.spanContext().traceId).toBe('a'.repeat(32));
  expect(span).toMatchObject({
    parentSpanContext: { spanId: 'b'.repeat(16) },
    attributes: {
      'ccluster.job.id': 'job_1',
      'ccluster.organization.id': 'org_1',
      'ccluster.job.status': 'RUNNING',
      'ccluster.job.status.before': 'STARTING',
    },
  });
  expect(JSON.stringify([span.attributes, span.events, span.status])).not.toContain(CANARY);
});

it('a change that is none of the status is no span', () => {
  trace({ after: { ...starting, reason: running.reason } });
  trace({ before: initialState, after: initialState });
  expect(spans.all()).toEqual([]);
});

it('of a job that ran for long, it is linked to the request', () => {
  trace({}, { tracedAt: new Date('2026-01-01T02:00:00Z') });
  expect(spans.one('record observation').links).toMatchObject([{ context: { traceId: 'a'.repeat(32) } }]);
});
