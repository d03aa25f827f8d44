import pg from 'pg';

/** Jobs by the name they were asked for under: past the product, in PostgreSQL. */
export async function countJobs(databaseUrl: string): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; count: number }>(
      'select name, count(*)::int as count from jobs group by name',
    );
    return new Map(rows.map(({ name, count }) => [name, count]));
  } finally {
    await client.end();
  }
}
