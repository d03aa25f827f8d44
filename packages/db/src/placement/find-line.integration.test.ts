import type { PlacementRequest } from '@ccluster/domain';
import { aJobSpec, aPlacement } from '@ccluster/testkit';
import { eq, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordEvent } from '../life/record-event.js';
import { jobs } from '../schema/jobs.js';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { withTransaction } from '../connection/transaction.js';
import { findLine } from './find-line.js';
import { readPlacementSnapshot, readTurn } from './read-placement-snapshot.js';
import { wakeJobsOnCluster } from './wake-jobs.js';

let fixture: DatabaseFixture;
let createdMs: number;

beforeEach(async () => {
  fixture = await openDatabaseFixture();
  createdMs = Date.now() - 3_600_000;
});

afterEach(() => fixture.close());

/** So many jobs that wait, one created each millisecond. @returns their ids, oldest first */
async function addJobs(count: number, requested: Partial<PlacementRequest['requested']> = {}): Promise<string[]> {
  const { db } = fixture.database;
  const first = await fixture.newJob();
  const spec = {
    ...aJobSpec({ completions: 1, parallelism: 1 }),
    requestedPlacement: { ...aJobSpec().requestedPlacement, ...requested },
  };
  await db
    .update(jobs)
    .set({ spec, createdAt: new Date(createdMs) })
    .where(eq(jobs.id, first));
  await db.execute(sql`
    insert into jobs (id, organization_id, name, spec, has_image_pull_secret, warnings, created_at, created_by, state,
      status, pending_count, event_sequence, due_at)
    select id || lpad(i::text, 5, '0'), organization_id, name || '-' || i, spec, has_image_pull_secret, warnings,
      created_at + i * interval '1 ms', created_by, state, status, pending_count, event_sequence, due_at
    from jobs, generate_series(1, ${count - 1}::int) as i where id = ${first}`);
  createdMs += count;
  return [first, ...Array.from({ length: count - 1 }, (_, i) => first + String(i + 1).padStart(5, '0'))];
}

const inWest = { regions: ['us-west'] };

describe('a line', () => {
  it('has of those that ask for the same the oldest 101, and how many more there are', async () => {
    const many = await addJobs(250);
    const few = await addJobs(3, inWest);
    const { line } = await readPlacementSnapshot(fixture.database.db);
    expect(line.map(({ id }) => id)).toEqual([...many.slice(0, 101), ...few]);
    expect(line.filter(({ further }) => further !== undefined)).toMatchObject([{ id: many[100], further: 149 }]);
    expect(line.at(-1)?.requested.regions).toEqual(['us-west']);
  });

  it('does not end before what stands behind a thousand that cannot go', async () => {
    await addJobs(1_500);
    const [behind = ''] = await addJobs(1, inWest);
    const kinds = await findLine(fixture.database.db);
    expect(kinds.map(({ count }) => count).toSorted((left, right) => left - right)).toEqual([1, 1_000]);
    const { line } = await readPlacementSnapshot(fixture.database.db);
    expect(line.map(({ id }) => id)).toContain(behind);
  });

  it('is for a job what is older than it', async () => {
    const many = await addJobs(120);
    await addJobs(3, inWest);
    for (const place of [0, 50, 119]) {
      const turn = await readTurn(fixture.database.db, many[place] ?? '');
      expect(turn?.snapshot.line.map(({ id }) => id)).toEqual(many.slice(0, Math.min(place, 101)));
      expect(turn?.snapshot.line.at(-1)?.further).toBe(place === 119 ? 18 : undefined);
    }
  });

  it('has those that are to go on where they were suspended, in their order', async () => {
    const [first = '', second = ''] = await addJobs(2);
    const placement = aPlacement();
    await withTransaction(fixture.database, async (tx) => {
      await recordEvent(tx, second, { type: 'PLACEMENT_DECIDED', placement });
      await recordEvent(tx, second, { type: 'ARMED', kubernetesUid: 'u', placement });
      await recordEvent(tx, second, { type: 'SUSPEND_REQUESTED', by: 'somebody' });
      await recordEvent(tx, second, { type: 'RESUME_REQUESTED', by: 'somebody', limited: true });
    });
    await addJobs(1);
    const kinds = await findLine(fixture.database.db);
    expect(kinds).toMatchObject([
      { instanceTypeId: null, count: 2, oldest: [[first, expect.any(Number)], expect.anything()] },
      { instanceTypeId: placement.instanceTypeId, count: 1, oldest: [[second, expect.any(Number)]] },
    ]);
  });
});

describe('wakeJobsOnCluster', () => {
  it('makes what waits for the cluster to answer due, and nothing else', async () => {
    const [there = '', elsewhere = '', unplaced = ''] = await addJobs(3);
    const { db } = fixture.database;
    const dueAt = sql`now() + interval '1 minute'`;
    await db.update(jobs).set({ dueAt });
    await db.update(jobs).set({ clusterId: 'cl_there' }).where(eq(jobs.id, there));
    await db.update(jobs).set({ clusterId: 'cl_elsewhere' }).where(eq(jobs.id, elsewhere));
    expect((await wakeJobsOnCluster(db, 'cl_there')).map(({ id }) => id)).toEqual([there]);
    const due = await db
      .select({ id: jobs.id })
      .from(jobs)
      .where(sql`${jobs.dueAt} > now()`);
    expect(due.map(({ id }) => id).toSorted()).toEqual([elsewhere, unplaced].toSorted());
  });
});
