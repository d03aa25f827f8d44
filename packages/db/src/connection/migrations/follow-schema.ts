import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../database.js';
import { findPending } from './applied-migrations.js';
import { readMigrations } from './migration-files.js';

const INTERVAL_MS = 1_000;

/** Whether the database has every migration of this build; it may have newer ones. */
export interface SchemaState {
  /** Resolves once it has, or, without throwing, when the signal is aborted. */
  readonly there: Promise<void>;
  /** Rejects until then: for `/readyz`. */
  check(): Promise<void>;
}

/**
 * For services that do not migrate.
 * @param say told once what is waited for, and of each failure to ask
 */
export function followSchema(
  { pool }: Database,
  signal: AbortSignal,
  say: (what: string, error?: unknown) => void,
): SchemaState {
  let isThere = false;
  const follow = async (): Promise<void> => {
    const migrations = readMigrations();
    for (let isSaid = false; !signal.aborted; isSaid = true) {
      try {
        const pending = await findPending(pool, migrations);
        isThere = pending.length === 0;
        if (isThere) return;
        if (!isSaid) say(`waiting for an api to migrate: ${pending.map(({ tag }) => tag).join(', ')}`);
      } catch (error) {
        say('the schema could not be asked for; asked again', error);
      }
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    there: follow(),
    check: async () => {
      if (!isThere) throw new Error('The database is not migrated');
    },
  };
}
