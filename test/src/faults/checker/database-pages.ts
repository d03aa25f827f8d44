import type pg from 'pg';

/** Rows in the order of their key, some at a time. */
export async function* pages<Row extends object>(
  client: pg.Client,
  select: string,
  key: readonly (keyof Row & string)[],
  limit: number,
): AsyncGenerator<Row, void, void> {
  const columns = key.join(', ');
  const places = key.map((_, i) => `$${i + 1}`).join(', ');
  let after: unknown[] | undefined;
  for (;;) {
    const where = after === undefined ? '' : ` where (${columns}) > (${places})`;
    const text = `select * from (${select}) rows${where} order by ${columns} limit ${limit}`;
    const { rows } = await client.query<Row>(text, after ?? []);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < limit) return;
    after = key.map((column) => last[column]);
  }
}
