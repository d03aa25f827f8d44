import { rankOffers } from '@ccluster/domain';
import { aJobSpec, aPlacement } from '@ccluster/testkit';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { insertCluster } from '../clusters/insert-cluster.js';
import { insertInstanceType } from '../clusters/insert-instance-type.js';
import { readPlacementSnapshot, readTurn } from './read-placement-snapshot.js';
import { insertJob } from '../jobs/insert-job.js';
import { recordEvent, type UntimedJobEvent } from '../life/record-event.js';
import { clusters } from '../schema/clusters.js';
import { instanceTypes } from '../schema/instance-types.js';
import { jobs } from '../schema/jobs.js';
import { organizations } from '../schema/organizations.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { withTransaction } from '../connection/transaction.js';

let fixture: DatabaseFixture;

beforeAll(async () => {
  fixture = await openDatabaseFixture();
  await addCluster('cl_1', null);
  await addInstanceType('it_1', 'cl_1', 1, 8);
  await addInstanceType('it_4', 'cl_1', 4, 2);
});

afterAll(() => fixture.close());

async function addCluster(id: string, organizationId: string | null): Promise<void> {
  await insertCluster(fixture.database.db, {
    id,
    organizationId,
    name: id,
    displayName: id,
    region: 'here',
    provider: null,
    namespace: 'jobs',
    autoscaling: false,
    kubernetesVersion: 'v1.35.4',
    systemUid: id,
    credentials: Buffer.alloc(0),
    readerCredentials: Buffer.alloc(0),
  });
}

async function addInstanceType(id: string, clusterId: string, gpuCount: number, room: number): Promise<void> {
  const { db } = fixture.database;
  await insertInstanceType(db, {
    id,
    clusterId,
    name: id,
    gpuType: 'A100',
    gpuCount,
    acceleratorResource: 'nvidia.com/gpu',
    cpuMillicores: 1000,
    memoryMib: 1024,
    sharedMemoryMib: 0,
    pricePerHourCents: 100,
    nodeSelector: {},
    tolerations: [],
  });
  await db.update(instanceTypes).set({ room }).where(eq(instanceTypes.id, id));
}

async function happen(jobId: string, ...events: readonly UntimedJobEvent[]): Promise<void> {
  await withTransaction(fixture.database, async (tx) => {
    for (const event of events) await recordEvent(tx, jobId, event);
  });
}

/** Room by instance type, as an organization sees it. */
async function roomSeenBy(organizationId: string): Promise<Record<string, number | null>> {
  const requested = aJobSpec().requestedPlacement;
  const snapshot = await readPlacementSnapshot(fixture.database.db);
  const ranked = rankOffers({ organizationId, requested, parallelism: 1 }, snapshot);
  return Object.fromEntries(ranked.map(({ offer }) => [offer.instanceType.id, offer.room]));
}

/** A job of so many replicas at once, of whose tasks an earlier job has succeeded with some. */
async function addJob(completions: number, parallelism: number, inheritedIndexes: string): Promise<string> {
  const spec = aJobSpec({
    name: `j${completions}-${parallelism}-${inheritedIndexes.length}`,
    completions,
    parallelism,
  });
  const id = `job_${spec.name}`;
  const hidden = { warnings: [], hasImagePullSecret: false, sealedSecrets: Buffer.alloc(1), createdBy: 'test' };
  const inherited = inheritedIndexes === '' ? [] : [{ jobId: 'job_before', indexes: inheritedIndexes }];
  await withTransaction(fixture.database, (tx) =>
    insertJob(tx, { id, organizationId: fixture.organizationId, spec, inherited, ...hidden }),
  );
  return id;
}

async function cancel(jobId: string): Promise<void> {
  await happen(jobId, { type: 'CANCEL_REQUESTED', by: 'somebody', reason: null });
}

const roomNow = () => roomSeenBy(fixture.organizationId);

it('subtracts what jobs asked for and have not got, for every size on the same GPUs, until they are suspended or end', async () => {
  expect(await roomNow()).toEqual({ it_1: 8, it_4: 2 });
  const jobId = await fixture.newJob();
  await happen(jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() });
  expect(await roomNow()).toEqual({ it_1: 7, it_4: 1 });
  await happen(jobId, { type: 'ARMED', kubernetesUid: 'u', placement: aPlacement() });
  expect(await roomNow()).toEqual({ it_1: 7, it_4: 1 });

  await fixture.database.db.update(jobs).set({ livePods: 1 }).where(eq(jobs.id, jobId));
  expect(await roomNow()).toEqual({ it_1: 8, it_4: 2 });
  await fixture.database.db.update(jobs).set({ livePods: 0 }).where(eq(jobs.id, jobId));

  await happen(jobId, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
  expect(await roomNow()).toEqual({ it_1: 8, it_4: 2 });
  await happen(jobId, { type: 'RESUME_REQUESTED', by: 'somebody' });
  expect(await roomNow()).toEqual({ it_1: 7, it_4: 1 });
  await happen(jobId, { type: 'CANCEL_REQUESTED', by: 'somebody', reason: null });
  expect(await roomNow()).toEqual({ it_1: 8, it_4: 2 });
});

it('subtracts no more replicas than there are tasks left to run, in a re-run of some and towards the end', async () => {
  const jobId = await addJob(10, 6, '0-5,8');
  const turn = await readTurn(fixture.database.db, jobId);
  expect(turn?.request.parallelism).toBe(3);
  await happen(jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() });
  expect(await roomNow()).toEqual({ it_1: 5, it_4: 1 });
  await fixture.database.db.update(jobs).set({ succeededCount: 9 }).where(eq(jobs.id, jobId));
  expect(await roomNow()).toEqual({ it_1: 7, it_4: 1 });
  await cancel(jobId);
});

it('counts what a job holds towards the limit of its organization by the tasks that are left, too', async () => {
  const { db } = fixture.database;
  await db.update(organizations).set({ maxGpus: 8 });
  const jobId = await addJob(8, 8, '0-4');
  await happen(jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() });
  const { allowances } = await readPlacementSnapshot(db);
  expect(allowances.get(fixture.organizationId)).toEqual({ maxGpus: 8, heldGpus: 3 });
  await cancel(jobId);
  await db.update(organizations).set({ maxGpus: null });
});

it('reads room and reservations of the same moment, whenever a count is stored', async () => {
  const jobId = await addJob(8, 8, '');
  await happen(jobId, { type: 'PLACEMENT_DECIDED', placement: aPlacement() });
  const over = new AbortController();
  const counts = (async () => {
    for (let livePods = 0; !over.signal.aborted; livePods = 8 - livePods) {
      await withTransaction(fixture.database, async (tx) => {
        await tx
          .update(instanceTypes)
          .set({ room: 8 - livePods })
          .where(eq(instanceTypes.id, 'it_1'));
        await tx.update(jobs).set({ livePods }).where(eq(jobs.id, jobId));
      });
    }
  })();
  const rooms = new Set<unknown>();
  for (let i = 0; i < 200; i += 1) rooms.add((await roomNow())['it_1']);
  over.abort();
  await counts;
  expect([...rooms]).toEqual([0]);
  await fixture.database.db.update(instanceTypes).set({ room: 8 }).where(eq(instanceTypes.id, 'it_1'));
  await cancel(jobId);
});

it('shows a private cluster to its organization only, and a removed one to nobody', async () => {
  await addCluster('cl_private', fixture.organizationId);
  await addInstanceType('it_private', 'cl_private', 1, 1);
  expect(await roomNow()).toHaveProperty('it_private');
  expect(await roomSeenBy('org_other')).not.toHaveProperty('it_private');
  const removed = { removedAt: new Date() };
  await fixture.database.db.update(clusters).set(removed).where(eq(clusters.id, 'cl_private'));
  expect(await roomNow()).not.toHaveProperty('it_private');
});
