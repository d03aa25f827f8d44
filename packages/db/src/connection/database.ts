import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import pg from 'pg';

/** Queries run on either: the pool outside a transaction, one client inside. */
export type Queryable = NodePgDatabase;

export interface Database {
  readonly pool: pg.Pool;
  readonly db: Queryable;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly maxConnections: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Idle connections die with the server; the pool replaces them. */
  readonly onIdleError: (error: Error) => void;
}

/**
 * What the server's administrator set as a default does not count. A COMMIT returns when it is on disk: what a reader has
 * seen, a cursor in its hand included, must not be taken back by a crash.
 */
const SETTINGS = {
  statement_timeout: '10000',
  lock_timeout: '5000',
  idle_in_transaction_session_timeout: '10000',
  timezone: 'UTC',
  synchronous_commit: 'on',
};

/**
 * A bounded pool whose every statement is limited in time on both sides: by the server (10 s a statement, 5 s a lock,
 * 10 s idle in a transaction) and, for a server that does not answer at all, by the client (15 s).
 */
export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.maxConnections,
    application_name: options.applicationName,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    query_timeout: 15_000,
    keepAlive: true,
    options: Object.entries(SETTINGS)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  });
  pool.on('error', options.onIdleError);
  return { pool, db: drizzle(pool), close: () => pool.end() };
}
