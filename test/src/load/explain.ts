import type { Queryable } from '@ccluster/db';
import { drizzle } from 'drizzle-orm/node-postgres';
import type pg from 'pg';

/** The plans, with times, of the statements that `read` runs. */
export async function explain(client: pg.Client, read: (db: Queryable) => Promise<unknown>): Promise<string> {
  const statements: { readonly text: string; readonly values: unknown[] }[] = [];
  const logQuery = (text: string, values: unknown[]) => void statements.push({ text, values });
  await read(drizzle(client, { logger: { logQuery } }));
  const plans: string[] = [];
  for (const { text, values } of statements) {
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers) ${text}`, values);
    plans.push(rows.map((row) => `    ${row['QUERY PLAN']}`).join('\n'));
  }
  return plans.join('\n\n');
}
