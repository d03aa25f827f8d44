import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import pg from 'pg';
import { postgresCode } from './transaction.js';

/** Any fixed number: one advisory lock that all migrating processes of an installation share. */
const MIGRATION_LOCK = 0x63636c75;
const PATIENCE_MS = 60_000;
const RETRY_MS = 500;
/** Not there, shutting down, starting up, or gone in the middle. */
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03']);

/**
 * Brings the schema up to date. Processes that start together take turns: drizzle's own migrator takes no lock. A server
 * that is away is tried again for a minute, since whoever starts everything anew starts it in any order.
 * @param url PostgreSQL connection string
 */
export async function migrate(url: string): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await migrateOnce(url);
    } catch (error) {
      if (!isAway(error) || performance.now() > deadlineMs) throw error;
    }
    await sleep(RETRY_MS);
  }
}

async function migrateOnce(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // What a lost connection means is said by the query that needed it; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runMigrations(drizzle(client), { migrationsFolder: findMigrations() });
  } finally {
    // Ending the connection gives up the lock too.
    await client.end();
  }
}

function isAway(error: unknown): boolean {
  return AWAY.has(postgresCode(error) ?? '') || rootOf(error).message.startsWith('Connection terminated');
}

function rootOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause === undefined ? error : rootOf(error.cause);
}

/** By the package's name: a bundled service is in a folder of its own. */
function findMigrations(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@ccluster/db/package.json')), 'migrations');
}
