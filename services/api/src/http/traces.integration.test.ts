import { startTraceReceiver, waitFor, type ReceivedSpan, type TraceReceiver } from '@ccluster/testkit';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestJob } from '../testing/seed-job.js';
import { startTestApi, type TestApi } from '../testing/start-test-api.js';
import type { TestCaller } from '../testing/test-caller.js';

const CANARY = 'canary-41be';
const CALLERS_SPAN = 'b7ad6b7169203331';
const CREATE = `mutation ${CANARY.replace('-', '_')} ($input: CreateJobInput!) { createJob(input: $input) { id } }`;

let lastTrace = 0x10_00_00;
/** Of a caller, each with a trace of its own. */
function newTrace(): { traceId: string; traceparent: string } {
  lastTrace += 1;
  const traceId = lastTrace.toString(16).padStart(32, '0');
  return { traceId, traceparent: `00-${traceId}-${CALLERS_SPAN}-01` };
}

const tracingTo = (url: string) => ({
  url: `${url}/v1/traces`,
  headers: { authorization: `Bearer collector-${CANARY}` },
  ratio: 1,
  serviceName: 'ccluster-api',
});

async function post(
  api: TestApi,
  caller: TestCaller,
  query: string,
  variables: Record<string, unknown>,
  traceparent: string,
) {
  const response = await fetch(`${api.address}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${caller.key}`, 'content-type': 'application/json', traceparent },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as { data: Record<string, { id: string }>; errors?: { extensions: object }[] };
}

describe('the traces of the api', () => {
  let receiver: TraceReceiver;
  let api: TestApi;
  let caller: TestCaller;

  beforeAll(async () => {
    receiver = await startTraceReceiver();
    api = await startTestApi({ tracing: tracingTo(receiver.url) });
    caller = await api.newCaller('acme', 'SUBMITTER');
  });

  afterAll(async () => {
    await api.stop();
    await receiver.stop();
  });

  const received = (traceId: string, name: string): Promise<ReceivedSpan> =>
    waitFor(() => receiver.spans.find((span) => span.traceId === traceId && span.name === name), {
      timeoutMs: 20_000,
      what: `the span ${name}`,
    });
  const storedOf = async (jobId: string) => {
    const { rows } = await api.database.pool.query<{ traceparent: string | null; traced_at: Date | null }>(
      'SELECT traceparent, traced_at FROM jobs WHERE id = $1',
      [jobId],
    );
    return rows[0];
  };
  const createTraced = async (name: string, traceparent: string) => {
    const env = [{ name: 'TOKEN', value: CANARY }];
    const input = { name, imageUrl: 'busybox', imageTag: '1', env, commandArgv: [CANARY] };
    return (await post(api, caller, CREATE, { input }, traceparent)).data['createJob']?.id ?? '';
  };

  it("go on with the caller's, and are stored with the job that a mutation makes", async () => {
    const { traceId, traceparent } = newTrace();
    const id = await createTraced('traced', traceparent);
    const span = await received(traceId, 'mutation createJob');
    expect(span).toMatchObject({
      service: 'ccluster-api',
      parentSpanId: CALLERS_SPAN,
      attributes: {
        'ccluster.transport': 'http',
        'ccluster.organization.id': caller.organizationId,
        'ccluster.caller.kind': 'KEY',
        'ccluster.request.id': expect.any(String),
      },
    });
    expect((await received(traceId, 'store job')).parentSpanId).toBe(span.spanId);
    expect(await storedOf(id)).toEqual({
      traceparent: `00-${traceId}-${span.spanId}-01`,
      traced_at: expect.any(Date),
    });
  });

  it.each(['cancelJob', 'suspendJob', 'resumeJob'])('are stored with what %s decides, and only then', async (field) => {
    const id = await createTestJob(caller, { name: `to-${field.toLowerCase()}` });
    if (field === 'resumeJob') await caller.ask('mutation ($id: ID!) { suspendJob(id: $id) { id } }', { id });
    const mutate = (traceparent: string) =>
      post(api, caller, `mutation ($id: ID!) { ${field}(id: $id) { id } }`, { id }, traceparent);
    const first = newTrace();
    await mutate(first.traceparent);
    const span = await received(first.traceId, `mutation ${field}`);
    await mutate(newTrace().traceparent);
    expect((await storedOf(id))?.traceparent).toBe(`00-${first.traceId}-${span.spanId}-01`);
  });

  it('name an operation of a socket, in the trace that its message names', async () => {
    const { traceId, traceparent } = newTrace();
    const client = createClient({
      url: `${api.address.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${caller.key}` },
      retryAttempts: 0,
    });
    const input = { name: 'of-a-socket', imageUrl: 'busybox', imageTag: '1' };
    const payload = { query: CREATE, variables: { input }, extensions: { traceparent } };
    const { value } = await client.iterate<{ createJob: { id: string } }>(payload).next();
    await client.dispose();
    const span = await received(traceId, 'mutation createJob');
    expect(span).toMatchObject({ parentSpanId: CALLERS_SPAN, attributes: { 'ccluster.transport': 'ws' } });
    const id = (value as { data: { createJob: { id: string } } }).data.createJob.id;
    expect((await storedOf(id))?.traceparent).toBe(`00-${traceId}-${span.spanId}-01`);
  });

  it('end with the first event of a subscription', async () => {
    const id = await createTestJob(caller, { name: 'followed' });
    const before = receiver.spans.length;
    const events = caller.listen(`subscription ($id: ID!) { jobEvents(jobId: $id) { type } }`, { id });
    expect((await events.next()).done).toBe(false);
    await waitFor(() => receiver.spans.slice(before).some(({ name }) => name === 'subscription jobEvents'), {
      timeoutMs: 20_000,
      what: 'its span, while it goes on',
    });
    await events.return(undefined);
  });

  it.each([
    ['mutation cancelJob', 'mutation { cancelJob(id: "none") { id } }', 'NOT_FOUND'],
    ['graphql', `{ ${CANARY.replace('-', '_')} }`, 'GRAPHQL_VALIDATION_FAILED'],
    ['graphql', `{ "${CANARY}"`, 'GRAPHQL_PARSE_FAILED'],
    ['graphql', `{ ${'a { '.repeat(400)} }`, 'QUERY_TOO_COMPLEX'],
  ])('say of %s what it was refused with', async (name, document, code) => {
    const { traceId, traceparent } = newTrace();
    await post(api, caller, document, {}, traceparent);
    expect((await received(traceId, name)).attributes['error.type']).toBe(code);
  });

  it('are found by the id of an error in the log, on both transports', async () => {
    const { traceId, traceparent } = newTrace();
    // Whatever is read now fails as a fault of ours.
    await api.database.pool.query('ALTER TABLE job_events RENAME TO events_away');
    const document = '{ jobs(first: 1) { edges { node { events(first: 1) { edges { node { type } } } } } } }';
    try {
      expect((await post(api, caller, document, {}, traceparent)).errors?.[0]?.extensions).toMatchObject({
        code: 'INTERNAL',
      });
      await caller.first(document, {}, 10_000);
    } finally {
      await api.database.pool.query('ALTER TABLE events_away RENAME TO job_events');
    }
    expect((await received(traceId, 'query jobs')).attributes['error.type']).toBe('INTERNAL');
    const failures = api
      .logged()
      .split('\n')
      .filter((line) => line.includes('"errorId"'))
      .map((line) => JSON.parse(line) as { traceId: string; spanId: string });
    expect(failures).toHaveLength(2);
    expect(failures[0]?.traceId).toBe(traceId);
    await received(failures[1]?.traceId ?? '', 'query jobs');
  });

  it('are begun by nobody who is a stranger', async () => {
    const { traceId, traceparent } = newTrace();
    await post(api, { ...caller, key: 'cck_nobody' }, CREATE, {}, traceparent);
    await fetch(`${api.address}/graphql?query={viewer{role}}`, { headers: { traceparent } });
    const after = newTrace();
    await post(api, caller, '{ viewer { role } }', {}, after.traceparent);
    await received(after.traceId, 'query viewer');
    expect(receiver.spans.filter((span) => span.traceId === traceId)).toEqual([]);
  });

  it('hold no value, name or secret of callers, nor the key of the collector', async () => {
    expect(receiver.requests.length).toBeGreaterThan(0);
    for (const { body, headers } of receiver.requests) {
      expect(headers.authorization).toBe(`Bearer collector-${CANARY}`);
      expect(body).not.toMatch(/canary|to-canceljob|submitter/i);
      expect(body).not.toContain(caller.key);
    }
    expect(api.logged()).not.toContain(CANARY);
  });
});

describe('a collector that does not work', () => {
  it.each(['HANG', 'REFUSE', 'AWAY'] as const)(
    'that does %s keeps nobody waiting, and ends nothing',
    async (answer) => {
      const receiver = await startTraceReceiver(answer === 'AWAY' ? 'TAKE' : answer);
      if (answer === 'AWAY') await receiver.stop();
      const api = await startTestApi({ tracing: tracingTo(receiver.url) });
      try {
        const caller = await api.newCaller('acme', 'SUBMITTER');
        const beganMs = performance.now();
        for (let job = 0; job < 20; job += 1) await createTestJob(caller, { name: `job-${job}` });
        // Not one waited as long as the shortest of the exporter's times.
        expect(performance.now() - beganMs).toBeLessThan(20 * 900);
        const { rows } = await api.database.pool.query('SELECT id FROM jobs WHERE traceparent IS NOT NULL');
        expect(rows).toHaveLength(20);
        expect(await caller.ask('{ viewer { role } }')).toMatchObject({ data: { viewer: { role: 'SUBMITTER' } } });
      } finally {
        await api.stop();
        if (answer !== 'AWAY') await receiver.stop();
      }
      expect(api.logged()).not.toContain(CANARY);
      expect(api.logged()).not.toContain('"level":"error"');
    },
  );
});
