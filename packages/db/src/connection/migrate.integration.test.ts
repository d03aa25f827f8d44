import { setTimeout as sleep } from 'node:timers/promises';
import { startTcpFaultProxy } from '@ccluster/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabaseFixture, type DatabaseFixture } from '../testing/database-fixture.js';
import { migrate } from './migrate.js';

describe('migrating', () => {
  let fixture: DatabaseFixture;

  beforeAll(async () => {
    fixture = await openDatabaseFixture();
  });

  afterAll(() => fixture.close());

  it('is done once when several processes start together', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(fixture.url)));
    const { rows } = await fixture.database.pool.query('SELECT hash FROM drizzle.__drizzle_migrations');
    expect(rows.length).toBeGreaterThan(0);
    expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
  });

  it('waits for a server that is away', async () => {
    const url = new URL(fixture.url);
    const proxy = await startTcpFaultProxy({ target: { host: url.hostname, port: Number(url.port) } });
    proxy.mode = 'refuse';
    const migrated = migrate(proxy.through(fixture.url)).then(() => 'migrated');
    expect(await Promise.race([migrated, sleep(700, 'waits')])).toBe('waits');
    proxy.mode = 'pass';
    await migrated;
    await proxy.close();
  });

  it('does not wait where the server says no', async () => {
    const url = new URL(fixture.url);
    url.pathname = '/no_such_database';
    await expect(migrate(url.href)).rejects.toThrow('no_such_database');
  });
});
