import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { postgresCode, withTransaction } from './transaction.js';

describe('a transaction', () => {
  let fixture: DatabaseFixture;
  beforeAll(async () => {
    fixture = await openDatabaseFixture();
    await fixture.database.pool.query('CREATE TABLE counters (id int PRIMARY KEY, value int NOT NULL)');
    await fixture.database.pool.query('INSERT INTO counters VALUES (1, 0), (2, 0)');
  });
  afterAll(() => fixture.close());

  it('is tried again after a deadlock until both have had their turn', async () => {
    const add = (first: number, second: number) =>
      withTransaction(fixture.database, async (tx) => {
        await tx.execute(sql`UPDATE counters SET value = value + 1 WHERE id = ${first}`);
        await tx.execute(sql`SELECT pg_sleep(0.05)`);
        await tx.execute(sql`UPDATE counters SET value = value + 1 WHERE id = ${second}`);
      });
    await Promise.all([add(1, 2), add(2, 1)]);
    const { rows } = await fixture.database.pool.query('SELECT value FROM counters ORDER BY id');
    expect(rows).toEqual([{ value: 2 }, { value: 2 }]);
  });

  it('gives its connection back, whatever happens in it', async () => {
    for (let i = 0; i < 20; i += 1) {
      const failing = withTransaction(fixture.database, (tx) => tx.execute(sql`SELECT 1 / 0`));
      await expect(failing).rejects.toSatisfy((error) => postgresCode(error) === '22012');
    }
    expect(fixture.database.pool.waitingCount).toBe(0);
    expect(fixture.database.pool.idleCount).toBe(fixture.database.pool.totalCount);
  });

  it('throws away a connection that its server has ended', async () => {
    const ended = withTransaction(fixture.database, (tx) =>
      tx.execute(sql`SELECT pg_terminate_backend(pg_backend_pid())`),
    );
    await expect(ended).rejects.toThrow();
    expect(
      await withTransaction(fixture.database, async (tx) => (await tx.execute(sql`SELECT 1 AS one`)).rows),
    ).toEqual([{ one: 1 }]);
  });
});
