import { setTimeout as sleep } from 'node:timers/promises';
import { getTableName, sql, type SQL } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import { CannotOpen, type Sealer } from '../connection/sealer.js';
import { envelopePrefix, findKeyId, HEADER_BYTES, PREFIX_BYTES } from '../connection/sealer-envelope.js';
import { SEALED_COLUMNS, type SealedColumn } from './sealed-columns.js';

const ROWS_AT_ONCE = 1_000;
/** Whoever still seals with another key could keep it going for ever. */
const MOST_PASSES = 5;
/** For rows that were held to be let go. */
const BETWEEN_PASSES_MS = 500;
const MOST_NAMED = 20;

/** As far as one column has been gone through. */
export interface RewrapProgress {
  /** Such as `job_secrets.sealed`. */
  readonly column: string;
  readonly looked: number;
  readonly rewrapped: number;
}

export interface RewrapResult {
  /** In all passes. */
  readonly rewrapped: number;
  /** Secrets by the id of their key, as the last pass found them: with no others than those of the first key, it changed nothing. */
  readonly found: ReadonlyMap<string, number>;
  /** Secrets that none of the keys opens. */
  readonly unopened: number;
  /** Why, of the first twenty. */
  readonly problems: readonly string[];
}

/**
 * Puts the data key of every secret under the key that seals, in batches, while everything else goes on. Secrets
 * themselves are not read, nor moved. May be broken off, repeated, and run twice at once.
 */
export async function rewrapSecrets(
  db: Queryable,
  sealer: Sealer,
  onProgress: (progress: RewrapProgress) => void,
): Promise<RewrapResult> {
  let rewrapped = 0;
  for (let pass = 1; ; pass += 1) {
    const result = await rewrapOnce(db, sealer, onProgress);
    rewrapped += result.rewrapped;
    const found = [...result.found.values()].reduce((sum, rows) => sum + rows, 0);
    const isDone = found === (result.found.get(sealer.keyId) ?? 0) + result.unopened;
    if (isDone || pass === MOST_PASSES) return { ...result, rewrapped };
    await sleep(BETWEEN_PASSES_MS);
  }
}

interface Pass {
  rewrapped: number;
  readonly found: Map<string, number>;
  unopened: number;
  readonly problems: string[];
}

async function rewrapOnce(
  db: Queryable,
  sealer: Sealer,
  onProgress: (progress: RewrapProgress) => void,
): Promise<Pass> {
  const pass: Pass = { rewrapped: 0, found: new Map(), unopened: 0, problems: [] };
  for (const column of SEALED_COLUMNS) {
    const name = `${getTableName(column.sealed.table)}.${column.sealed.name}`;
    const before = pass.rewrapped;
    let looked = 0;
    for (let rows = await readAfter(db, sealer, column, ''); rows.length > 0;) {
      await rewrapRows(db, sealer, column, rows, pass);
      looked += rows.length;
      onProgress({ column: name, looked, rewrapped: pass.rewrapped - before });
      rows = await readAfter(db, sealer, column, rows.at(-1)?.id ?? '');
    }
  }
  return pass;
}

interface HeaderRow extends Record<string, unknown> {
  readonly id: string;
  /** null: under the key that seals; empty: there is no secret. */
  readonly header: Buffer | null;
}

/** The next in the order of their ids, all of them: how long a statement takes does not depend on what is found. */
async function readAfter(db: Queryable, { keyId }: Sealer, column: SealedColumn, afterId: string) {
  const { id, sealed, table } = namesOf(column);
  const isCurrent = sql`substr(${sealed}, 1, ${PREFIX_BYTES}) = ${envelopePrefix(keyId)}`;
  const { rows } = await db.execute<HeaderRow>(sql`
    select ${id} as id, case when ${isCurrent} then null else substr(${sealed}, 1, ${HEADER_BYTES}) end as header
    from ${table} where ${id} > ${afterId} order by ${id} limit ${ROWS_AT_ONCE}`);
  return rows;
}

interface Rewrapped {
  readonly id: string;
  readonly from: Buffer;
  readonly to: Buffer;
}

async function rewrapRows(
  db: Queryable,
  sealer: Sealer,
  column: SealedColumn,
  rows: readonly HeaderRow[],
  pass: Pass,
): Promise<void> {
  const changes: Rewrapped[] = [];
  for (const { id, header } of rows) {
    if (header?.length === 0) continue;
    const keyId = header === null ? sealer.keyId : (findKeyId(header) ?? 'none');
    pass.found.set(keyId, (pass.found.get(keyId) ?? 0) + 1);
    if (header === null) continue;
    try {
      changes.push({ id, from: header, to: sealer.rewrap(header, column.contextOf(id)) });
    } catch (error) {
      if (!(error instanceof CannotOpen)) throw error;
      pass.unopened += 1;
      if (pass.problems.length < MOST_NAMED) pass.problems.push(error.message);
    }
  }
  if (changes.length > 0) pass.rewrapped += await replaceHeaders(db, column, changes);
}

/**
 * Only where the header is still the one that was read: it has the secret's own random data key, so whatever was sealed
 * anew since has another. Rows that somebody holds are passed by, and found by the next pass: nobody waits for anybody.
 */
async function replaceHeaders(db: Queryable, column: SealedColumn, changes: readonly Rewrapped[]): Promise<number> {
  const { id, sealed, table } = namesOf(column);
  const values = (of: (change: Rewrapped) => string | Buffer) => sql.param(changes.map(of));
  const { rowCount } = await db.execute(sql`
    with changes as (
      select * from unnest(${values((each) => each.id)}::text[], ${values((each) => each.from)}::bytea[],
        ${values((each) => each.to)}::bytea[]) as given (id, was, becomes)
    ), held as (
      select changes.* from ${table} as stored join changes on stored.${id} = changes.id
      where substr(stored.${sealed}, 1, ${HEADER_BYTES}) = changes.was
      for no key update of stored skip locked
    )
    update ${table} as stored
    set ${sealed} = overlay(stored.${sealed} placing held.becomes from 1 for ${HEADER_BYTES})
    from held
    where stored.${id} = held.id and substr(stored.${sealed}, 1, ${HEADER_BYTES}) = held.was`);
  return rowCount ?? 0;
}

function namesOf({ id, sealed }: SealedColumn): Record<'id' | 'sealed' | 'table', SQL> {
  const identifier = (name: string) => sql`${sql.identifier(name)}`;
  return { id: identifier(id.name), sealed: identifier(sealed.name), table: identifier(getTableName(sealed.table)) };
}
