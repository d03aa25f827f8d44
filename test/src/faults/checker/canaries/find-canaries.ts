import type { Violation } from '../../violation.js';
import { canariesIn, canaryForms } from './canary-forms.js';
import { searchDatabase } from './search-database.js';
import { searchFile } from './search-file.js';
import { searchRedis } from './search-redis.js';

/** Where no secret may be. */
export interface CanarySources {
  /** Paths: logs of the services, histories, Redis' append-only file. */
  readonly files?: readonly string[];
  readonly databaseUrl?: string;
  readonly redis?: { readonly url: string; readonly prefix: string };
  /** Whatever else, such as answers, by a name for it. */
  readonly texts?: ReadonlyMap<string, string>;
}

/**
 * I6: secrets that were planted and stand where they must not, as they are, in base64 (whatever stands before them), in
 * URLs, in JSON, or in hexadecimal. PostgreSQL is searched whole: ciphertext does not show them.
 * @param canaries by a name that may be shown; at least 20 random bytes each
 */
export async function findCanaries(
  canaries: Readonly<Record<string, string>>,
  { files = [], databaseUrl, redis, texts = new Map() }: CanarySources,
): Promise<Violation[]> {
  const all = Object.entries(canaries).map(([name, value]) => canaryForms(name, value));
  const violations: Violation[] = [];
  const add = (place: string, names: Iterable<string>) => {
    for (const name of names) violations.push({ rule: 'I6', subject: name, what: `stands in ${place}` });
  };
  for (const path of files) add(path, await searchFile(all, path));
  for (const [name, text] of texts) add(name, canariesIn(all, Buffer.from(text)));
  if (databaseUrl !== undefined)
    for (const [table, names] of await searchDatabase(all, databaseUrl)) add(`table ${table}`, names);
  if (redis !== undefined)
    for (const [key, names] of await searchRedis(all, redis.url, redis.prefix)) add(`Redis key ${key}`, names);
  return violations;
}
