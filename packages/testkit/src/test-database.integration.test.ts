import pg from 'pg';
import { expect, it } from 'vitest';
import { createTestDatabase } from './test-database.js';

it('makes databases that are empty, migrated, apart from one another, and go when dropped', async () => {
  const databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
  const [first, second] = databases;
  await query(first.url, `INSERT INTO organizations (id, name) VALUES ('org_1', 'default')`);
  expect(await query(second.url, 'SELECT count(*)::int AS count FROM organizations')).toEqual([{ count: 0 }]);
  await Promise.all(databases.map((database) => database.drop()));
  await expect(query(first.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}
