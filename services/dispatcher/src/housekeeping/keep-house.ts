import {
  deleteOldIdempotencyKeys,
  deleteOldJobEvents,
  expireLog,
  findLogsByAge,
  findLogsBySize,
  forgetOldJobDeletions,
  withTransaction,
  type Database,
  type DeleteOldRows,
} from '@ccluster/db';

/** How long what has been said and done is kept. */
export interface Retention {
  readonly logDays: number;
  /** Text of all logs of one organization, bytes. */
  readonly logBytes: number;
  readonly eventDays: number;
}

const ROWS_AT_ONCE = 2_000;
const LOGS_AT_ONCE = 500;
const DAY_MS = 86_400_000;

/**
 * Deletes what is kept no longer, in short transactions, until nothing is left or `signal` aborts. Several may do it at
 * once: what one is at, the others pass by.
 */
export async function keepHouse(database: Database, retention: Retention, signal: AbortSignal): Promise<void> {
  const { logDays, logBytes, eventDays } = retention;
  for (const deleteRows of [deleteOldJobEvents(eventDays), deleteOldIdempotencyKeys, forgetOldJobDeletions]) {
    await deleteAll(database, deleteRows, signal);
  }
  await expireLogs(database, signal, `Logs are kept for ${logDays} days`, (limit) =>
    findLogsByAge(database.db, logDays * DAY_MS, limit),
  );
  await expireLogs(database, signal, `The logs of an organization are kept up to ${logBytes} bytes`, (limit) =>
    findLogsBySize(database.db, logBytes, limit),
  );
}

async function deleteAll({ db }: Database, deleteRows: DeleteOldRows, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await deleteRows(db, ROWS_AT_ONCE)) === ROWS_AT_ONCE);
}

async function expireLogs(
  database: Database,
  signal: AbortSignal,
  message: string,
  find: (limit: number) => Promise<string[]>,
): Promise<void> {
  for (let podIds = await find(LOGS_AT_ONCE); podIds.length > 0 && !signal.aborted; podIds = await find(LOGS_AT_ONCE)) {
    for (const podId of podIds) await expireWholeLog(database, podId, message, signal);
    // Those that another dispatcher is at are found again as long as it is: they are left to it.
    if (podIds.length < LOGS_AT_ONCE) return;
  }
}

async function expireWholeLog(database: Database, podId: string, message: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await withTransaction(database, (tx) => expireLog(tx, podId, message))));
}
