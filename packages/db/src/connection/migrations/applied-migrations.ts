import type pg from 'pg';
import type { Migration } from './migration-files.js';

/** As drizzle's own migrator keeps it, which made it before. */
const TABLE = 'drizzle.__drizzle_migrations';

type Asking = Pick<pg.ClientBase, 'query'>;

/** Newer than all that the database has; it may have newer ones than this build knows. */
export async function findPending(client: Asking, migrations: readonly Migration[]): Promise<Migration[]> {
  const newestMs = await findNewestMs(client);
  return migrations.filter(({ whenMs }) => whenMs > newestMs);
}

async function findNewestMs(client: Asking): Promise<number> {
  const { rows } = await client.query<{ table: string | null }>('SELECT to_regclass($1)::text AS table', [TABLE]);
  if (rows[0]?.table == null) return -1;
  const newest = await client.query<{ ms: string | null }>(`SELECT max(created_at) AS ms FROM ${TABLE}`);
  return Number(newest.rows[0]?.ms ?? -1);
}

export async function createTable(client: Asking): Promise<void> {
  await client.query('CREATE SCHEMA IF NOT EXISTS drizzle');
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
  );
}

export async function insertApplied(client: Asking, { hash, whenMs }: Migration): Promise<void> {
  await client.query(`INSERT INTO ${TABLE} (hash, created_at) VALUES ($1, $2)`, [hash, whenMs]);
}
