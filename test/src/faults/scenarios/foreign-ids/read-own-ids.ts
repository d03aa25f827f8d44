import pg from 'pg';

import { isId } from './never-existed.js';

/** What a row may belong to an organization by. */
const OWNERS = ['organization_id', 'cluster_id', 'job_id'] as const;

/**
 * Every id that an organization's rows have, of whatever table: rows with its own id, and rows that belong to one of
 * those.
 */
export async function readOwnIds(databaseUrl: string, organization: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>('select id from organizations where name = $1', [organization]);
    const ids = new Set(rows.map(({ id }) => id));
    for (const owner of OWNERS) {
      for (const table of await tablesWith(client, owner)) {
        const owned = await client.query<{ id: unknown }>(`select id from ${table} where ${owner} = any($1)`, [
          [...ids],
        ]);
        for (const { id } of owned.rows) if (typeof id === 'string' && isId(id)) ids.add(id);
      }
    }
    return [...ids];
  } finally {
    await client.end();
  }
}

async function tablesWith(client: pg.Client, owner: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.columns
     where table_schema = 'public' and column_name in ('id', $1) group by table_name having count(*) = 2`,
    [owner],
  );
  return rows.map(({ name }) => name);
}
