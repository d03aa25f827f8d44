import { organizations } from '@ccluster/db';
import { namespaceFor } from '@ccluster/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ClusterFault } from '../cluster/cluster-fault.js';
import { createReconciler } from '../reconcile/reconcile-clusters.js';
import { anOrder } from '../testing/build-order.js';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';
import type { FakeCluster } from '../testing/fake-cluster.js';
import { ORGANIZATION } from '../testing/insert-rows.js';

const OTHER = 'org_01bx5zzkbkactav9wevgemmvrz';
const TEMPLATE = 'jobs-{organization}';
const { signal } = new AbortController();

let fixture: DispatchFixture;
let here: FakeCluster;

beforeEach(async () => {
  fixture = await openDispatchFixture();
  here = await fixture.addCluster('here', 8, 100);
  const { database } = fixture.context;
  await database.db.insert(organizations).values({ id: OTHER, name: 'other' });
  await database.pool.query('UPDATE clusters SET namespace = $1', [TEMPLATE]);
});

afterEach(() => fixture.close());

const addJobOf = async (organizationId: string) => {
  const jobId = await fixture.addJob();
  const text = 'UPDATE jobs SET organization_id = $1 WHERE id = $2';
  await fixture.context.database.pool.query(text, [organizationId, jobId]);
  return jobId;
};
const missing = () => new ClusterFault('NAMESPACE_REFUSED', 'namespaces "jobs-x" not found');

describe('on a cluster with a namespace for each organization', () => {
  it('a job runs in that of its own', async () => {
    for (const organizationId of [ORGANIZATION, OTHER]) await fixture.work(await addJobOf(organizationId));
    expect([...here.jobs.values()].map(({ namespace }) => namespace)).toEqual([
      namespaceFor(TEMPLATE, ORGANIZATION),
      namespaceFor(TEMPLATE, OTHER),
    ]);
  });

  it('one whose namespace is not there keeps no other waiting, and says what it waits for', async () => {
    const jobId = await addJobOf(ORGANIZATION);
    here.interfere('postJob', missing());
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({
      phase: 'QUEUED',
      reason: { code: 'CLUSTER_REFUSED', message: expect.stringContaining('not found') },
    });
    const other = await addJobOf(OTHER);
    await fixture.work(other);
    expect(await fixture.stateOf(other)).toMatchObject({ phase: 'ARMED' });
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'QUEUED' });
    fixture.clock.ms += 1_000;
    await fixture.makeDue(jobId);
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED' });
  });

  it('one whose namespace is not there goes to another cluster', async () => {
    await fixture.addCluster('there', 4, 900);
    const jobId = await addJobOf(ORGANIZATION);
    here.interfere('postJob', missing());
    await fixture.work(jobId);
    expect(await fixture.stateOf(jobId)).toMatchObject({ phase: 'ARMED', placement: { clusterId: 'there' } });
  });

  it('each namespace is reconciled, whichever of them are not there', async () => {
    const reconcile = createReconciler(fixture.context);
    await here.postJob(anOrder({ namespace: namespaceFor(TEMPLATE, OTHER) }));
    for (let pass = 0; pass < 3; pass += 1) {
      here.interfere('listJobs', missing());
      await reconcile(signal);
      fixture.clock.ms += 60_000;
    }
    expect(here.jobs.size).toBe(0);
  });
});
