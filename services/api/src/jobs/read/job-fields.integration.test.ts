import { aPlacement } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedOffer } from '../../testing/seed-cluster.js';
import { createTestJob, lifeToRunningIn, record, seedPod } from '../../testing/seed-job.js';
import { startTestApi, type TestApi } from '../../testing/start-test-api.js';
import type { TestCaller } from '../../testing/test-caller.js';

const REASON = 'reason { code message since }';
const POD = `id name index attempt status ${REASON} exitCode nodeName imageDigest createdAt startedAt finishedAt logComplete`;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('a job that was placed', () => {
  const placement = aPlacement({
    clusterId: 'cl_east',
    clusterName: 'east',
    instanceTypeId: 'it_east',
    decidedAt: '2026-01-01T00:00:00.000Z',
  });
  const failure = { code: 'ERROR', message: 'Exit code 3', since: '2026-01-01T00:00:09.000Z' };
  let api: TestApi;
  let caller: TestCaller;
  let id: string;
  let podId: string;

  beforeAll(async () => {
    api = await startTestApi();
    caller = await api.newCaller('acme', 'SUBMITTER');
    await seedOffer(api.database, 'east', null);
    id = await createTestJob(caller, { name: 'placed' });
    await record(api.database, id, ...lifeToRunningIn(placement));
    podId = await seedPod(api.database, id, {
      name: 'placed-0-abcde',
      status: 'FAILED',
      reason: failure,
      exitCode: 3,
      nodeName: 'node-1',
      imageDigest: 'sha256:1',
      createdAt: new Date('2026-01-01T00:00:01.000Z'),
      startedAt: new Date('2026-01-01T00:00:02.000Z'),
      finishedAt: new Date('2026-01-01T00:00:09.000Z'),
      logComplete: true,
    });
  });

  afterAll(() => api.stop());

  const ask = async (selection: string) => {
    const { data } = await caller.ask(`query ($id: ID!) { job(id: $id) { ${selection} } }`, { id });
    return data?.['job'];
  };

  it('tells where and why, by the names too once its cluster is removed', async () => {
    const selection =
      'placement { cluster { name } instanceType { name } clusterName instanceTypeName decidedAt explanation }';
    const names = { clusterName: 'east', instanceTypeName: 'small' };
    const words = { ...names, decidedAt: placement.decidedAt, explanation: placement.explanation };
    expect(await ask(selection)).toEqual({
      placement: { ...words, cluster: { name: 'east' }, instanceType: { name: 'small' } },
    });
    await api.database.pool.query('update clusters set removed_at = now()');
    await api.database.pool.query('update instance_types set removed_at = now()');
    expect(await ask(selection)).toEqual({ placement: { ...words, cluster: null, instanceType: null } });
  });

  it('gives each attempt as a whole', async () => {
    const pod = {
      id: podId,
      name: 'placed-0-abcde',
      index: 0,
      attempt: 1,
      status: 'FAILED',
      reason: failure,
      exitCode: 3,
      nodeName: 'node-1',
      imageDigest: 'sha256:1',
      createdAt: '2026-01-01T00:00:01.000Z',
      startedAt: '2026-01-01T00:00:02.000Z',
      finishedAt: '2026-01-01T00:00:09.000Z',
      logComplete: true,
    };
    const lists = `pods { edges { cursor node { ${POD} } } } tasks { edges { cursor node { index status ${REASON} attempts { ${POD} } } } }`;
    expect(await ask(lists)).toEqual({
      pods: { edges: [{ cursor: expect.any(String), node: pod }] },
      tasks: {
        edges: [
          { cursor: expect.any(String), node: { index: 0, status: 'PENDING', reason: failure, attempts: [pod] } },
        ],
      },
    });
  });

  it('has times, and events with a time and a sentence each', async () => {
    const job = await ask(
      `createdAt startedAt finishedAt eventCursor ${REASON} events(first: 1) { edges { cursor node { cursor type at message status } } }`,
    );
    const cursor = expect.any(String);
    const created = { cursor, type: 'CREATED', at: TIME, message: 'Created by submitter of acme', status: 'QUEUED' };
    expect(job).toEqual({
      createdAt: TIME,
      startedAt: TIME,
      finishedAt: null,
      eventCursor: cursor,
      reason: null,
      events: { edges: [{ cursor, node: created }] },
    });
  });
});
