import { setTimeout as sleep } from 'node:timers/promises';
import { startTcpFaultProxy } from '@ccluster/testkit';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabaseFixture, type DatabaseFixture } from '../../testing/database-fixture.js';
import { migrate } from './migrate.js';
import { readMigrations, type Migration } from './migration-files.js';
import { followSchema } from './follow-schema.js';

const LOCK_TIMEOUT_MS = 2_000;
/** What a busy machine may add. */
const SLACK_MS = 1_500;

let fixture: DatabaseFixture;
let known = readMigrations();

beforeAll(async () => {
  fixture = await openDatabaseFixture();
});

afterAll(() => fixture.close());

/** All that there were, and one more. */
function withNew(tag: string, isTransaction: boolean, ...statements: string[]): Migration[] {
  known = [...known, { tag, whenMs: (known.at(-1)?.whenMs ?? 0) + 1, hash: tag, statements, isTransaction }];
  return known;
}

async function appliedTimes(tag: string): Promise<number> {
  const text = 'SELECT 1 FROM drizzle.__drizzle_migrations WHERE hash = $1';
  return (await fixture.database.pool.query(text, [tag])).rows.length;
}

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: fixture.url });
  await client.connect();
  return client;
}

describe('migrating', () => {
  it('is done once when eight processes start together; the others say that they wait', async () => {
    const migrations = withNew('once', true, 'CREATE TABLE once (a int)', 'SELECT pg_sleep(1.5)');
    const said: string[] = [];
    const say = (what: string) => void said.push(what);
    await Promise.all(Array.from({ length: 8 }, () => migrate(fixture.url, { migrations, say })));
    expect(await appliedTimes('once')).toBe(1);
    expect(said.filter((what) => what === 'migrated: once')).toHaveLength(1);
    // Whoever comes after it was done has nothing to wait for.
    expect(said.filter((what) => what.startsWith('another process migrates; waiting for once')).length).toBeGreaterThan(
      0,
    );
  });

  it('waits for others no longer than it may', async () => {
    const migrations = withNew('late', true, 'CREATE TABLE late (a int)');
    const other = await connect();
    await other.query('SELECT pg_advisory_lock($1)', [0x63636c75]);
    const impatient = migrate(fixture.url, { migrations, patienceWithOthersMs: 700 });
    await expect(impatient).rejects.toThrow('Another process migrates, and has not ended in time');
    await other.end();
    await migrate(fixture.url, { migrations });
    expect(await appliedTimes('late')).toBe(1);
  });

  it('does not wait for whoever migrates where nothing is to be done', async () => {
    const other = await connect();
    await other.query('SELECT pg_advisory_lock($1)', [0x63636c75]);
    await expect(migrate(fixture.url, { migrations: known })).resolves.toBeUndefined();
    await other.end();
  });

  it('gives way to who reads for long, keeps nobody waiting longer than two seconds, and succeeds in the end', async () => {
    const migrations = withNew('patient', true, 'ALTER TABLE jobs ADD COLUMN patient text');
    const reader = await connect();
    await reader.query('BEGIN');
    await reader.query('SELECT count(*) FROM jobs');
    const said: string[] = [];
    const migrated = migrate(fixture.url, { migrations, say: (what) => void said.push(what) });
    const reading = new AbortController();
    const slowest = readMeanwhile(reading.signal);
    await sleep(6_000);
    expect(await appliedTimes('patient')).toBe(0);
    await reader.query('COMMIT');
    await migrated;
    reading.abort();
    const { reads, slowestMs } = await slowest;
    console.log(`Waits of ${reads} reads while a migration waited for a lock: ${Math.round(slowestMs)} ms at most`);
    expect(slowestMs).toBeLessThan(LOCK_TIMEOUT_MS + SLACK_MS);
    expect(await appliedTimes('patient')).toBe(1);
    expect(said.filter((what) => what.startsWith('patient met locks of others')).length).toBeGreaterThan(0);
    await reader.end();
  });

  it('undoes a migration that fails as a whole, and names it', async () => {
    const broken = [...known, { ...withNewest('broken'), statements: ['CREATE TABLE half (a int)', 'SELECT 1/0'] }];
    await expect(migrate(fixture.url, { migrations: broken })).rejects.toThrow('Migration broken failed');
    const { rows } = await fixture.database.pool.query(`SELECT to_regclass('half') AS half`);
    expect(rows).toEqual([{ half: null }]);
  });

  it('makes an index while others write, again where it was broken off, and although others wait', async () => {
    await fixture.newJob();
    await fixture.newJob();
    const client = await connect();
    await expect(client.query('CREATE UNIQUE INDEX CONCURRENTLY again ON jobs (organization_id)')).rejects.toThrow();
    const migrations = withNew(
      'concurrent',
      false,
      '-- no transaction\nDROP INDEX CONCURRENTLY IF EXISTS again',
      'CREATE INDEX CONCURRENTLY again ON jobs (organization_id)',
    );
    await Promise.all(Array.from({ length: 4 }, () => migrate(fixture.url, { migrations })));
    const text = `SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = 'again'::regclass`;
    expect((await client.query(text)).rows).toEqual([{ valid: true }]);
    expect(await appliedTimes('concurrent')).toBe(1);
    await client.end();
  });

  it('leaves a schema alone that is newer than it knows', async () => {
    const count = async () =>
      (await fixture.database.pool.query('SELECT 1 FROM drizzle.__drizzle_migrations')).rows.length;
    const before = await count();
    await migrate(fixture.url, { migrations: known.slice(0, 2) });
    await migrate(fixture.url);
    expect(await count()).toBe(before);
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

describe('a service that does not migrate', () => {
  it('waits for the schema of its build, and says what is missing', async () => {
    const own = await openDatabaseFixture();
    const { pool } = own.database;
    const { rows } = await pool.query<{ hash: string; created_at: string }>(
      'DELETE FROM drizzle.__drizzle_migrations RETURNING hash, created_at',
    );
    const said: string[] = [];
    const say = (what: string) => void said.push(what);
    const schema = followSchema(own.database, new AbortController().signal, say);
    const ready = schema.there.then(() => 'ready');
    expect(await Promise.race([ready, sleep(1_500, 'waits')])).toBe('waits');
    await expect(schema.check()).rejects.toThrow('not migrated');
    for (const { hash, created_at: createdAt } of rows) {
      const text = 'INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ($1, $2)';
      await pool.query(text, [hash, createdAt]);
    }
    expect(await ready).toBe('ready');
    await expect(schema.check()).resolves.toBeUndefined();
    expect(said).toEqual([expect.stringContaining('waiting for an api to migrate: 0000_first, 0001_audit')]);
    await own.close();
  });

  it('stops waiting as it is told to', async () => {
    const own = await openDatabaseFixture();
    await own.database.pool.query('DROP SCHEMA drizzle CASCADE');
    const stopping = new AbortController();
    const schema = followSchema(own.database, stopping.signal, () => undefined);
    await sleep(100);
    stopping.abort();
    await schema.there;
    await expect(schema.check()).rejects.toThrow('not migrated');
    await own.close();
  });
});

function withNewest(tag: string): Omit<Migration, 'statements'> {
  return { tag, whenMs: (known.at(-1)?.whenMs ?? 0) + 1, hash: tag, isTransaction: true };
}

async function readMeanwhile(signal: AbortSignal): Promise<{ reads: number; slowestMs: number }> {
  let reads = 0;
  let slowestMs = 0;
  while (!signal.aborted) {
    const beginMs = performance.now();
    await fixture.database.pool.query('SELECT count(*) FROM jobs');
    slowestMs = Math.max(slowestMs, performance.now() - beginMs);
    reads += 1;
    await sleep(20);
  }
  return { reads, slowestMs };
}
