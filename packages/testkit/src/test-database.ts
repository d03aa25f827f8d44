import { randomBytes } from 'node:crypto';
import { migrate } from '@ccluster/db';
import pg from 'pg';
import { readTestEnvironment } from './environment.js';

export interface TestDatabase {
  readonly url: string;
  /** Ends its connections too. */
  drop(): Promise<void>;
}

/** A database of the test's own, with the newest schema and no rows. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { databaseUrl } = readTestEnvironment();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runOn(databaseUrl, `CREATE DATABASE ${name}`);
  const url = new URL(databaseUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return { url: url.href, drop: () => runOn(databaseUrl, `DROP DATABASE ${name} WITH (FORCE)`) };
}

async function runOn(databaseUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
