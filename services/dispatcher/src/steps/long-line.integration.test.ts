import { wakePlaceableJobs } from '@ccluster/db';
import { aJobSpec } from '@ccluster/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDispatchFixture, type DispatchFixture } from '../testing/dispatch-fixture.js';

const JOBS = 150;

let fixture: DispatchFixture;
/** Oldest first. */
let stuck: string[];

beforeEach(async () => {
  fixture = await openDispatchFixture();
  await fixture.addCluster('away', 200, 100);
  await fixture.addCluster('here', 200, 200);
  await setAway('now()');
  for (let i = 0; i < JOBS; i += 1) await addJob('away');
  const { pool } = fixture.context.database;
  stuck = (await pool.query<{ id: string }>('SELECT id FROM jobs ORDER BY created_at, id')).rows.map(({ id }) => id);
});

afterEach(() => fixture.close());

function addJob(clusterId: string): Promise<string> {
  return fixture.addJob({ requestedPlacement: { ...aJobSpec().requestedPlacement, clusterId } });
}

async function setAway(since: 'now()' | 'null'): Promise<void> {
  const { pool } = fixture.context.database;
  await pool.query(`UPDATE clusters SET unreachable_since = ${since} WHERE id = 'away'`);
}

/** Until a dispatcher looks at it again. */
async function secondsUntilDue(jobId: string): Promise<number> {
  const { rows } = await fixture.context.database.pool.query<{ seconds: number }>(
    'SELECT extract(epoch FROM due_at - now())::float8 AS seconds FROM jobs WHERE id = $1',
    [jobId],
  );
  return rows[0]?.seconds ?? Number.NaN;
}

describe('a long line of jobs for a cluster that is away', () => {
  it('is looked at the less often the longer it is, though nobody in it has a place', async () => {
    for (const place of [1, 4, 20, JOBS]) {
      const jobId = stuck[place - 1] ?? '';
      await fixture.work(jobId);
      expect((await fixture.stateOf(jobId)).reason).toMatchObject({ code: 'CLUSTER_UNREACHABLE' });
      const seconds = Math.max(2, place / 2);
      expect(await secondsUntilDue(jobId)).toBeGreaterThan(seconds - 1);
      expect(await secondsUntilDue(jobId)).toBeLessThanOrEqual(seconds);
    }
  });

  it('keeps no younger job from another cluster, and goes by a hundred in each turn once the cluster is back', async () => {
    const other = await addJob('here');
    expect(await wakePlaceableJobs(fixture.context.database.db)).toMatchObject([{ id: other }]);
    await fixture.work(other);
    expect((await fixture.stateOf(other)).phase).toBe('ARMED');

    await setAway('null');
    const gone: number[] = [];
    for (;;) {
      const woken = await wakePlaceableJobs(fixture.context.database.db);
      if (woken.length === 0) break;
      expect(woken).toHaveLength(1);
      await fixture.work(woken[0]?.id ?? '');
      const phases = await Promise.all(stuck.map(async (id) => (await fixture.stateOf(id)).phase));
      gone.push(phases.lastIndexOf('ARMED') + 1);
      expect(new Set(phases.slice(0, gone.at(-1)))).toEqual(new Set(['PLACED', 'ARMED']));
    }
    expect(gone).toEqual([101, JOBS]);
  });
});
