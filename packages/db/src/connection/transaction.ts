import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';
import type { Database, Queryable } from './database.js';

const ATTEMPTS = 4;
/** serialization_failure, deadlock_detected: the server rolled back, and the same work may succeed next time. */
const RETRYABLE = new Set(['40001', '40P01']);

/**
 * Runs `work` in one transaction and returns what it returns. Serialization failures and deadlocks are tried again, up
 * to four times in all, so `work` may run more than once and must touch nothing but the transaction. Any other error
 * rolls back and is thrown; one thrown by COMMIT itself leaves open whether it happened.
 */
export async function withTransaction<T>(database: Database, work: (tx: Queryable) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptTransaction(database.pool, work);
    } catch (error) {
      if (attempt >= ATTEMPTS || !RETRYABLE.has(postgresCode(error) ?? '')) throw error;
    }
  }
}

async function attemptTransaction<T>(pool: pg.Pool, work: (tx: Queryable) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection can end between two statements; without a listener that would end the process.
  const onError = (error: Error) => (broken = error);
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work(drizzle(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    broken ??= await rollBack(client);
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}

/** A client that cannot even roll back is thrown away, not put back into the pool. */
async function rollBack(client: pg.PoolClient): Promise<Error | undefined> {
  try {
    await client.query('ROLLBACK');
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The SQLSTATE of an error or of its cause (drizzle wraps what pg throws); undefined where there is none. */
export function postgresCode(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && typeof current.code === 'string') return current.code;
  }
  return undefined;
}

/** The violated constraint's name, where the error is a unique violation. */
export function uniqueViolation(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ('code' in current && current.code === '23505' && 'constraint' in current) return String(current.constraint);
  }
  return undefined;
}
