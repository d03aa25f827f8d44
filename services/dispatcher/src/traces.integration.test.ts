import { tracedSteps, withoutCrash } from '@ccluster/runtime';
import { recordSpans, type RecordedSpans } from '@ccluster/runtime/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterFault } from './cluster/cluster-fault.js';
import { writerAtRisk } from './cluster/writer-at-risk.js';
import { openDispatchFixture, type DispatchFixture } from './testing/dispatch-fixture.js';
import type { FakeCluster } from './testing/fake-cluster.js';
import { workOnJob } from './work-on-job.js';

const CANARY = 'canary-9d02';
const traceparentOf = (digit: string) => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

let fixture: DispatchFixture;
let here: FakeCluster;
let spans: RecordedSpans;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 1, 100);
  spans = recordSpans();
});

afterEach(async () => {
  await spans.stop();
  await fixture.close();
});

/** What a dispatcher does with a hint, with the steps traced that it traces. */
async function work(jobId: string): Promise<void> {
  const atRisk = tracedSteps<'dispatcher'>(withoutCrash);
  const { connections } = fixture.context;
  const tracedConnections: typeof connections = {
    run: (clusterId, signal, use) =>
      connections.run(clusterId, signal, (writer) => use(writerAtRisk(asObject(writer), atRisk))),
    refresh: (registered) => connections.refresh(registered),
    close: () => connections.close(),
  };
  await workOnJob({ ...fixture.context, atRisk, connections: tracedConnections }, jobId, new AbortController().signal);
}

async function addTracedJob(traceparent: string, ageSeconds = 0): Promise<string> {
  const jobId = await fixture.addJob();
  await trace(jobId, traceparent, ageSeconds);
  return jobId;
}

async function trace(jobId: string, traceparent: string, ageSeconds = 0): Promise<void> {
  await fixture.context.database.pool.query(
    `UPDATE jobs SET traceparent = $2, traced_at = now() - $3 * interval '1 second' WHERE id = $1`,
    [jobId, traceparent, ageSeconds],
  );
}

const setDraining = (draining: boolean) =>
  fixture.context.database.pool.query('UPDATE clusters SET draining = $1', [draining]);

const namesIn = (digit: string) =>
  spans
    .all()
    .filter((span) => span.spanContext().traceId === digit.repeat(32))
    .map(({ name }) => name);

describe('the work on a job', () => {
  it('belongs to the trace of the request that made it: to place, post, arm and release', async () => {
    const jobId = await addTracedJob(traceparentOf('a'));
    await work(jobId);
    expect(namesIn('a')).toEqual([
      'place',
      'post Kubernetes Job',
      'post Secrets',
      'record ARMED',
      'change intent',
      'record INTENT_APPLIED',
      'work on job',
    ]);
    expect(spans.one('work on job')).toMatchObject({
      parentSpanContext: { spanId: 'a'.repeat(16) },
      attributes: { 'ccluster.job.id': jobId, 'ccluster.job.phase': 'QUEUED', 'ccluster.claim': 1 },
    });
    expect(spans.one('change intent').attributes).toMatchObject({ 'ccluster.suspend': false, 'ccluster.intent': 1 });
    expect(spans.all().every((span) => namesIn('a').includes(span.name))).toBe(true);
  });

  it('goes on in it at another dispatcher, where the first was stopped', async () => {
    const jobId = await addTracedJob(traceparentOf('b'));
    const stopping = new AbortController();
    here.interfere('postSecrets', () => stopping.abort(new Error('stopped')));
    await workOnJob(fixture.context, jobId, stopping.signal);
    await fixture.makeDue(jobId);
    await work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', intent: { released: true } });
    const works = spans.all().filter(({ name }) => name === 'work on job');
    expect(works.map((span) => span.spanContext().traceId)).toEqual(['b'.repeat(32), 'b'.repeat(32)]);
    expect(works.map(({ attributes }) => attributes['ccluster.job.phase'])).toEqual(['QUEUED', 'ARMED']);
  });

  it('belongs to the trace of a cancel that came later, to its clean-up', async () => {
    const jobId = await addTracedJob(traceparentOf('c'));
    await work(jobId);
    await fixture.happen(jobId, { type: 'CANCEL_REQUESTED', by: 'somebody', reason: CANARY });
    await trace(jobId, traceparentOf('d'));
    await work(jobId);
    await fixture.happen(jobId, { type: 'SETTLED' });
    expect(namesIn('d')).toEqual(['change intent', 'record INTENT_APPLIED', 'work on job']);
    const [cancel] = spans.all().filter((span) => span.name === 'change intent' && span.attributes['ccluster.suspend']);
    expect(cancel?.spanContext().traceId).toBe('d'.repeat(32));
  });

  it('has a trace of its own, linked, where the request was hours ago', async () => {
    await work(await addTracedJob(traceparentOf('e'), 7_200));
    expect(namesIn('e')).toEqual([]);
    const { links, parentSpanContext } = spans.one('work on job');
    expect(links).toMatchObject([{ context: { traceId: 'e'.repeat(32) } }]);
    expect(parentSpanContext).toBeUndefined();
    expect(spans.one('post Kubernetes Job').spanContext().traceId).toBe(spans.one('work on job').spanContext().traceId);
  });

  it('has one of its own where the request was not traced', async () => {
    await work(await fixture.addJob());
    expect(spans.one('work on job')).toMatchObject({ links: [] });
  });

  it('adds nothing for looks in vain, however long it waits: its placement once there is one', async () => {
    await setDraining(true);
    const jobId = await addTracedJob(traceparentOf('f'));
    for (let look = 0; look < 5; look += 1) {
      await fixture.makeDue(jobId);
      await work(jobId);
    }
    expect(namesIn('f')).toEqual(['place', 'work on job']);
    await setDraining(false);
    await fixture.makeDue(jobId);
    await work(jobId);
    expect(namesIn('f').slice(2, 4)).toEqual(['place', 'post Kubernetes Job']);
    expect(namesIn('f').at(-1)).toBe('work on job');
    const before = spans.all().length;
    await fixture.makeDue(jobId);
    await work(jobId);
    expect(spans.all()).toHaveLength(before);
  });

  it('names of faults their type, and no word of a cluster', async () => {
    here.interfere('postJob', new ClusterFault('POLICY_REFUSED', CANARY, { cause: new Error(CANARY) }));
    const jobId = await addTracedJob(traceparentOf('9'));
    await work(jobId);
    expect(spans.one('post Kubernetes Job').attributes['error.type']).toBe('POLICY_REFUSED');
    const told = spans.all().map(({ name, attributes, status, events }) => ({ name, attributes, status, events }));
    expect(JSON.stringify(told)).not.toContain(CANARY);
  });
});

/** `writerAtRisk` spreads its writer: methods of a class would be lost. */
function asObject(fake: Parameters<typeof writerAtRisk>[0]): Parameters<typeof writerAtRisk>[0] {
  return {
    postJob: (...args) => fake.postJob(...args),
    findJob: (...args) => fake.findJob(...args),
    deleteJob: (...args) => fake.deleteJob(...args),
    inheritTasks: (...args) => fake.inheritTasks(...args),
    postSecrets: (...args) => fake.postSecrets(...args),
    changeIntent: (...args) => fake.changeIntent(...args),
    listJobs: (...args) => fake.listJobs(...args),
    verifyIdentity: (...args) => fake.verifyIdentity(...args),
  };
}
