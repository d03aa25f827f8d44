import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postgresCode } from '../transaction.js';
import { createTable, findPending } from './applied-migrations.js';
import { applyMigration } from './apply-migration.js';
import { readMigrations, type Migration } from './migration-files.js';

/** Any fixed number: one advisory lock that all migrating processes of an installation share. */
const MIGRATION_LOCK = 0x63636c75;
/** For a server that is away. */
const PATIENCE_MS = 60_000;
/** For others: one that migrates, and those that hold locks which a migration needs. */
const PATIENCE_WITH_OTHERS_MS = 600_000;
const RETRY_MS = 500;
/** Not there, shutting down, starting up, or gone in the middle. */
const AWAY = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03']);
/** lock_not_available, deadlock_detected. */
const BLOCKED = new Set(['55P03', '40P01']);
const FIRST_PAUSE_MS = 500;
/** Longer than a migration waits for a lock: whoever it has kept waiting gets through in between. */
const LONGEST_PAUSE_MS = 8_000;

export interface MigrateOptions {
  /** Told what is waited for, and what was done. */
  readonly say?: (what: string) => void;
  /** Default: those of this build. */
  readonly migrations?: readonly Migration[];
  /** Default: ten minutes. */
  readonly patienceWithOthersMs?: number;
}

/**
 * Brings the schema up to date. Of processes that start together one does it, and the others wait until it has. A server
 * that is away is tried again for a minute, since whoever starts everything anew starts it in any order. A migration that
 * meets locks of others gives up after two seconds, and is tried again for ten minutes.
 * @param url PostgreSQL connection string
 */
export async function migrate(url: string, options: MigrateOptions = {}): Promise<void> {
  const deadlineMs = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await migrateOnce(url, options);
    } catch (error) {
      if (!isAway(error) || performance.now() > deadlineMs) throw error;
    }
    await sleep(RETRY_MS);
  }
}

async function migrateOnce(url: string, options: MigrateOptions): Promise<void> {
  const { say = () => undefined, migrations = readMigrations() } = options;
  const deadlineMs = performance.now() + (options.patienceWithOthersMs ?? PATIENCE_WITH_OTHERS_MS);
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'ccluster-migrate',
  });
  // What a lost connection means is said by the query that needed it; without a listener it would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    if (!(await takeTurn(client, migrations, { say, deadlineMs }))) return;
    await createTable(client);
    for (const migration of await findPending(client, migrations)) {
      await applyPatiently(client, migration, { say, deadlineMs });
      say(`migrated: ${migration.tag}`);
    }
  } finally {
    // Ending the connection gives up the lock too.
    await client.end();
  }
}

interface Patience {
  readonly say: (what: string) => void;
  readonly deadlineMs: number;
}

/**
 * Asks again and again instead of waiting for the lock: a session that waits holds a snapshot, and `CREATE INDEX
 * CONCURRENTLY` of the one who has the lock would wait for that.
 * @returns false where there is nothing to do, or no longer
 */
async function takeTurn(
  client: pg.Client,
  migrations: readonly Migration[],
  { say, deadlineMs }: Patience,
): Promise<boolean> {
  for (let isSaid = false; ; isSaid = true) {
    const pending = await findPending(client, migrations);
    if (pending.length === 0) return false;
    const { rows } = await client.query<{ taken: boolean }>('SELECT pg_try_advisory_lock($1) AS taken', [
      MIGRATION_LOCK,
    ]);
    if (rows[0]?.taken === true) return true;
    if (!isSaid) say(`another process migrates; waiting for ${pending.map(({ tag }) => tag).join(', ')}`);
    if (performance.now() > deadlineMs) throw new Error('Another process migrates, and has not ended in time');
    await sleep(RETRY_MS);
  }
}

async function applyPatiently(client: pg.Client, migration: Migration, { say, deadlineMs }: Patience): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await applyMigration(client, migration);
    } catch (error) {
      const isTimeLeft = performance.now() + pauseMs < deadlineMs;
      if (!BLOCKED.has(postgresCode(error) ?? '') || !isTimeLeft) {
        throw new Error(`Migration ${migration.tag} failed`, { cause: error });
      }
      say(`${migration.tag} met locks of others; tried again in ${pauseMs} ms`);
    }
    await sleep(pauseMs);
  }
}

function isAway(error: unknown): boolean {
  return AWAY.has(postgresCode(error) ?? '') || rootOf(error).message.startsWith('Connection terminated');
}

function rootOf(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  return error.cause === undefined ? error : rootOf(error.cause);
}
