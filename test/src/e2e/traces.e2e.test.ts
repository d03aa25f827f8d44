import { startTraceReceiver, waitFor, type ReceivedSpan, type TraceReceiver } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { shellJob } from '../support/job-input.js';
import { startPlatform, type Platform } from '../support/platform.js';

const CANARY = 'canary-b83d';
const CREATE = 'mutation ($input: CreateJobInput!) { createJob(input: $input) { id } }';

describe('a trace', () => {
  let receiver: TraceReceiver;
  let platform: Platform;
  beforeAll(async () => {
    receiver = await startTraceReceiver();
    platform = await startPlatform('traces', { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url });
  });
  afterAll(async () => {
    await platform.stop();
    await receiver.stop();
  });

  /** As a caller that traces itself. */
  async function createTraced(traceId: string, script: string): Promise<string> {
    const input = shellJob(platform.environment, script, { env: [{ name: 'TOKEN', value: CANARY }] });
    const response = await fetch(platform.graphqlUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${platform.apiKey}`,
        'content-type': 'application/json',
        traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      },
      body: JSON.stringify({ query: CREATE, variables: { input } }),
    });
    const { data } = (await response.json()) as { data: { createJob: { id: string } } };
    return data.createJob.id;
  }

  const inTrace = (traceId: string) => receiver.spans.filter((span) => span.traceId === traceId);
  const untilIn = (traceId: string, name: string, is: (span: ReceivedSpan) => boolean = () => true) =>
    waitFor(() => inTrace(traceId).find((span) => span.name === name && is(span)), {
      timeoutMs: 60_000,
      what: `the span ${name}`,
    });

  function expectWithin(child: ReceivedSpan, parent: ReceivedSpan): void {
    expect([child.name, child.parentSpanId]).toEqual([child.name, parent.spanId]);
  }

  it('leads from the mutation of a caller to the calls that make, release and delete its Kubernetes Job', async () => {
    const traceId = 'a1'.repeat(16);
    const jobId = await createTraced(traceId, 'echo done');
    expect((await platform.client.waitForEnd(jobId)).status).toBe('SUCCEEDED');

    const mutation = await untilIn(traceId, 'mutation createJob');
    expect(mutation).toMatchObject({ service: 'ccluster-api', parentSpanId: 'b7ad6b7169203331' });
    const armed = await untilIn(traceId, 'record ARMED');
    // The one that got so far: the dispatcher may have looked at the job before, and waited.
    const work = await untilIn(traceId, 'work on job', ({ spanId }) => spanId === armed.parentSpanId);
    expect(work).toMatchObject({ service: 'ccluster-dispatcher', attributes: { 'ccluster.job.id': jobId } });
    expectWithin(work, mutation);
    const post = await untilIn(traceId, 'POST jobs');
    expectWithin(post, await untilIn(traceId, 'post Kubernetes Job'));
    const clusters = [...platform.clusterIds.values()];
    expect(clusters).toContain(post.attributes['ccluster.cluster.id']);
    expect(post.attributes['http.response.status_code']).toBe(201);
    const release = await untilIn(traceId, 'change intent', (span) => span.attributes['ccluster.suspend'] === false);
    expectWithin(await untilIn(traceId, 'PATCH jobs', (span) => span.parentSpanId === release.spanId), release);
    const ended = await untilIn(traceId, 'settle', (span) => span.service === 'ccluster-watcher');
    expect(ended.attributes['ccluster.job.status']).toBe('SUCCEEDED');
    await untilIn(traceId, 'DELETE jobs');
    expect(inTrace(traceId).length).toBeLessThan(100);
  });

  it('is gone on with by a dispatcher that is started after another was killed', async () => {
    const traceId = 'b2'.repeat(16);
    const { dispatcher } = platform.services;
    await dispatcher.kill();
    await dispatcher.start({ CCLUSTER_CRASH_AT: 'after post Kubernetes Job#1' });
    const jobId = await createTraced(traceId, 'echo done');
    expect(await dispatcher.ended()).toBe('SIGKILL');
    await dispatcher.start();
    expect((await platform.client.waitForEnd(jobId)).status).toBe('SUCCEEDED');
    const work = await untilIn(traceId, 'work on job', (span) => span.attributes['ccluster.job.phase'] === 'PLACED');
    expect(work.attributes['ccluster.claim']).toBeGreaterThan(1);
    await untilIn(traceId, 'record ARMED');
    await untilIn(traceId, 'change intent', (span) => span.attributes['ccluster.suspend'] === false);
  });

  it('of a cancel is that of the mutation that asks for it', async () => {
    const traceId = 'c3'.repeat(16);
    const jobId = await createTraced(traceId, 'sleep 600');
    await waitFor(async () => (await platform.client.findJob(jobId))?.status === 'RUNNING', {
      timeoutMs: 60_000,
      what: 'the job to run',
    });
    await platform.client.cancelJob(jobId);
    const isItsStop = ({ name, attributes }: ReceivedSpan) =>
      name === 'work on job' &&
      attributes['ccluster.job.id'] === jobId &&
      attributes['ccluster.job.phase'] === 'ENDING';
    const work = await waitFor(() => receiver.spans.find(isItsStop), {
      timeoutMs: 60_000,
      what: 'the work of the stop',
    });
    expect(work.traceId).not.toBe(traceId);
    expectWithin(work, await untilIn(work.traceId, 'mutation cancelJob'));
    const stop = await untilIn(work.traceId, 'change intent');
    expect(stop.attributes['ccluster.suspend']).toBe(true);
    expectWithin(stop, work);
    expect((await platform.client.waitForEnd(jobId)).status).toBe('CANCELLED');
  });

  it('holds no secret, no environment and no name of a job', () => {
    expect(receiver.requests.length).toBeGreaterThan(0);
    const bodies = receiver.requests.map(({ body }) => body).join('\n');
    expect(bodies).not.toContain(CANARY);
    expect(bodies).not.toContain(platform.apiKey);
    expect(bodies).not.toMatch(/certificate-authority|BEGIN [A-Z ]*KEY|echo done/);
  });
});
