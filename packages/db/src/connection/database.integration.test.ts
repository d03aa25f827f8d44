import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { openDatabase } from './database.js';

describe('every connection of a pool', () => {
  let fixture: DatabaseFixture;

  beforeAll(async () => {
    fixture = await openDatabaseFixture();
    const name = new URL(fixture.url).pathname.slice(1);
    const defaults = ['synchronous_commit = off', 'statement_timeout = 0', "timezone = 'Asia/Tokyo'"];
    for (const setting of defaults) await fixture.database.pool.query(`ALTER DATABASE ${name} SET ${setting}`);
  });

  afterAll(() => fixture.close());

  const SHOW = `SELECT current_setting('synchronous_commit') AS commit, current_setting('statement_timeout') AS timeout,
    current_setting('timezone') AS zone`;

  it('commits to the disk, is limited in time and counts in UTC, whatever the default of the server', async () => {
    const plain = new pg.Client({ connectionString: fixture.url });
    await plain.connect();
    expect((await plain.query(SHOW)).rows).toEqual([{ commit: 'off', timeout: '0', zone: 'Asia/Tokyo' }]);
    await plain.end();
    const database = openDatabase({
      url: fixture.url,
      maxConnections: 3,
      applicationName: 'test',
      onIdleError: () => {},
    });
    const clients = await Promise.all(Array.from({ length: 3 }, () => database.pool.connect()));
    for (const client of clients) {
      expect((await client.query(SHOW)).rows).toEqual([{ commit: 'on', timeout: '10s', zone: 'UTC' }]);
      client.release();
    }
    await database.close();
  });
});
