import { decodeLogChunk } from '@ccluster/db';
import pg from 'pg';

import { canariesIn, type CanaryForms } from './canary-forms.js';

const ROWS_AT_ONCE = 200;

/**
 * By table, the names of those that stand in any row, whatever the column: what is encrypted does not show them either.
 * Logs are unpacked first.
 */
export async function searchDatabase(
  canaries: readonly CanaryForms[],
  databaseUrl: string,
): Promise<Map<string, Set<string>>> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const found = new Map<string, Set<string>>();
    const tables = await client.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    );
    for (const { name } of tables.rows) found.set(name, await searchTable(client, canaries, name));
    return found;
  } finally {
    await client.end();
  }
}

async function searchTable(client: pg.Client, canaries: readonly CanaryForms[], table: string): Promise<Set<string>> {
  const found = new Set<string>();
  const content = table === 'log_chunks' ? 'body' : `convert_to(rows::text, 'UTF8')`;
  const select = `select ctid::text as place, ${content} as content from ${table} rows`;
  for (let after = '(0,0)'; ;) {
    const where = `where ctid > $1::tid order by ctid limit ${ROWS_AT_ONCE}`;
    const { rows } = await client.query<{ place: string; content: Buffer }>(`${select} ${where}`, [after]);
    for (const row of rows) {
      const bytes = table === 'log_chunks' ? unpacked(row.content) : row.content;
      for (const name of canariesIn(canaries, bytes)) found.add(name);
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < ROWS_AT_ONCE) return found;
    after = last.place;
  }
}

function unpacked(body: Buffer): Buffer {
  return Buffer.concat(
    decodeLogChunk(body).flatMap((record) => [
      record.kind === 'line' ? record.bytes : Buffer.from(record.message),
      Buffer.from('\n'),
    ]),
  );
}
