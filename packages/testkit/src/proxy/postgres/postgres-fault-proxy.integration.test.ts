import { findOrInsertOrganization, openDatabase, withTransaction, type Database } from '@ccluster/db';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test-database.js';
import { startPostgresFaultProxy, type PostgresFaultProxy } from './postgres-fault-proxy.js';

let testDatabase: TestDatabase;
/** Past the proxy. */
let direct: pg.Client;
let proxy: PostgresFaultProxy;
/** As the product does it, through the proxy. */
let database: Database;
let client: pg.Client;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  direct = new pg.Client({ connectionString: testDatabase.url });
  await direct.connect();
});

beforeEach(async () => {
  proxy = await startPostgresFaultProxy({ databaseUrl: testDatabase.url });
  const options = { maxConnections: 2, applicationName: 'test', onIdleError: () => undefined };
  database = openDatabase({ url: proxy.databaseUrl, ...options });
  client = new pg.Client({ connectionString: proxy.databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
});

afterEach(async () => {
  await direct.query('DELETE FROM organizations');
  await Promise.allSettled([database.close(), client.end()]);
  await proxy.close();
});

afterAll(async () => {
  await direct.end();
  await testDatabase.drop();
});

async function organizations(): Promise<string[]> {
  const { rows } = await direct.query<{ name: string }>('SELECT name FROM organizations ORDER BY name');
  return rows.map(({ name }) => name);
}

const insert = (name: string) => withTransaction(database, (tx) => findOrInsertOrganization(tx, name, `org_${name}`));

describe('a lost answer to a COMMIT', () => {
  it('leaves the row there and its writer with a broken connection, once', async () => {
    await insert('before');
    proxy.loseNextCommitAnswer();
    await expect(insert('lost')).rejects.toThrow();
    expect([await organizations(), proxy.lostCommitAnswers]).toEqual([['before', 'lost'], 1]);
    await insert('after');
    expect([await organizations(), proxy.lostCommitAnswers]).toEqual([['after', 'before', 'lost'], 1]);
  });

  it.each([
    ['a simple query', { text: 'commit;' }],
    ['the extended protocol', { text: 'COMMIT', queryMode: 'extended' }],
  ])('is the same in %s', async (_, commit) => {
    await client.query('BEGIN');
    await client.query(`INSERT INTO organizations (id, name) VALUES ('org_1', $1)`, ['lost']);
    proxy.loseNextCommitAnswer();
    await expect(client.query(commit)).rejects.toThrow(/Connection terminated unexpectedly|ECONNRESET/);
    expect([await organizations(), proxy.lostCommitAnswers]).toEqual([['lost'], 1]);
  });

  it('waits for a COMMIT that commits', async () => {
    proxy.loseNextCommitAnswer();
    await client.query('BEGIN');
    await expect(client.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK');
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await expect(insert('lost')).rejects.toThrow();
    expect([await organizations(), proxy.lostCommitAnswers]).toEqual([['lost'], 1]);
  });

  it('does not mistake other statements for one, nor split answers for whole ones', async () => {
    proxy.loseNextCommitAnswer();
    proxy.tcp.bytesPerSecond = 20_000;
    const { rows } = await client.query<{ text: string }>(`SELECT 'COMMIT ' || repeat('x', 3000) AS text`);
    expect([rows[0]?.text.length, proxy.lostCommitAnswers]).toEqual([3007, 0]);
  });
});
