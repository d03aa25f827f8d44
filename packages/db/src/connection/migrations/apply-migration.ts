import type pg from 'pg';
import { insertApplied } from './applied-migrations.js';
import type { Migration } from './migration-files.js';

/**
 * Who waits for a lock makes all who come later wait behind him, readers too: so for no longer than this. A statement
 * that holds its lock and works must be short as well, or be one that locks nobody out.
 */
const TRANSACTION_SETTINGS = ["lock_timeout = '2s'", "statement_timeout = '60s'"];
/** Waits for all transactions that are older, and locks nobody out. */
const CONCURRENT_SETTINGS = ['lock_timeout = 0', "statement_timeout = '2h'"];

/** Throws 55P03 (lock_not_available) where others hold what it needs; nothing has happened then that matters. */
export async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  if (migration.isTransaction) await inTransaction(client, migration);
  else await oneByOne(client, migration);
}

async function inTransaction(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    for (const setting of TRANSACTION_SETTINGS) await client.query(`SET LOCAL ${setting}`);
    for (const statement of migration.statements) await client.query(statement);
    await insertApplied(client, migration);
    await client.query('COMMIT');
  } catch (error) {
    // Where the connection is gone, so is the transaction.
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function oneByOne(client: pg.Client, migration: Migration): Promise<void> {
  for (const setting of CONCURRENT_SETTINGS) await client.query(`SET ${setting}`);
  for (const statement of migration.statements) await client.query(statement);
  await insertApplied(client, migration);
}
