import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';

/** Any fixed number: one advisory lock that all migrating processes of an installation share. */
const MIGRATION_LOCK = 0x63636c75;

/**
 * Brings the schema up to date. Processes that start together take turns: drizzle's own migrator takes no lock.
 * @param url PostgreSQL connection string
 */
export async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(drizzle(client), { migrationsFolder: findMigrations() });
  } finally {
    // Ending the connection gives up the lock too.
    await client.end();
  }
}

/** By the package's name: a bundled service is in a folder of its own. */
function findMigrations(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@ccluster/db/package.json')), 'migrations');
}
