import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { claimJob } from './claim-job.js';
import { readQueueFigures } from './read-queue-figures.js';
import { openDatabaseFixture } from '../testing/database-fixture.js';

it('says how long jobs wait for a placement, and for a dispatcher', async () => {
  const fixture = await openDatabaseFixture();
  try {
    const { db } = fixture.database;
    expect(await readQueueFigures(db)).toEqual({ queued: 0, oldestQueuedSeconds: 0, oldestDueSeconds: 0 });
    const old = await fixture.newJob();
    await fixture.newJob();
    await db.execute(sql`update jobs set created_at = now() - interval '1 hour', due_at = now() - interval '1 minute'
      where id = ${old}`);
    const figures = await readQueueFigures(db);
    expect(figures.queued).toBe(2);
    expect(figures.oldestQueuedSeconds).toBeCloseTo(3_600, -2);
    expect(figures.oldestDueSeconds).toBeCloseTo(60, -1);
    await claimJob(db, old, 60_000);
    expect((await readQueueFigures(db)).oldestDueSeconds).toBeLessThan(30);
  } finally {
    await fixture.close();
  }
});
