import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readMigrationFiles } from 'drizzle-orm/migrator';

export interface Migration {
  /** Name of its file, without the ending. */
  readonly tag: string;
  /** Orders migrations: milliseconds since 1970, when it was generated. */
  readonly whenMs: number;
  readonly hash: string;
  readonly statements: readonly string[];
  /**
   * Otherwise each statement is by itself, and all are run again where one failed: what PostgreSQL does while others read
   * and write (`CONCURRENTLY`) can be in no transaction.
   */
  readonly isTransaction: boolean;
}

/** First line of a file that is not run in one transaction. */
export const NO_TRANSACTION = '-- no transaction';

/** Of this build, the oldest first. */
export function readMigrations(folder: string = findMigrations()): Migration[] {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    readonly entries: readonly { readonly tag: string }[];
  };
  return readMigrationFiles({ migrationsFolder: folder }).map(({ sql, folderMillis, hash }, i) => ({
    tag: entries[i]?.tag ?? '',
    whenMs: folderMillis,
    hash,
    statements: sql,
    isTransaction: !(sql[0] ?? '').startsWith(NO_TRANSACTION),
  }));
}

/** By the package's name: a bundled service is in a folder of its own. */
function findMigrations(): string {
  return join(dirname(createRequire(import.meta.url).resolve('@ccluster/db/package.json')), 'migrations');
}
