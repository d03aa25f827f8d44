import { createHmac, randomBytes } from 'node:crypto';
import { SecretText } from '@ccluster/domain';
import { eq } from 'drizzle-orm';
import type { Queryable } from '../connection/database.js';
import type { Sealer } from '../connection/sealer.js';
import { installationKeys } from '../schema/installation-keys.js';
import { sealContexts } from './sealed-columns.js';

const NAME = 'keyed-hash';
const KEY_BYTES = 32;

/** HMAC-SHA-256, for what is compared and not to be read. */
export type KeyedHash = (text: string) => Buffer;

/**
 * By a key that was made for this installation once: whatever encryption keys come and go, a text has one hash. Throws
 * `CannotOpen` where none of the encryption keys opens it; another call may find that they do.
 */
export function createKeyedHash(db: Queryable, sealer: Sealer): () => Promise<KeyedHash> {
  let opened: KeyedHash | undefined;
  return async () => (opened ??= await openKeyedHash(db, sealer));
}

async function openKeyedHash(db: Queryable, sealer: Sealer): Promise<KeyedHash> {
  const context = sealContexts.installationKey(NAME);
  const sealed = (await findSealed(db)) ?? (await makeSealed(db, sealer, context));
  const key = Buffer.from(sealer.open(sealed, context).reveal(), 'base64');
  return (text) => createHmac('sha256', key).update(text).digest();
}

async function findSealed(db: Queryable): Promise<Buffer | undefined> {
  const [row] = await db.select().from(installationKeys).where(eq(installationKeys.name, NAME));
  return row?.sealed;
}

/** Of several processes that start together, one makes it. */
async function makeSealed(db: Queryable, sealer: Sealer, context: string): Promise<Buffer> {
  const key = new SecretText(randomBytes(KEY_BYTES).toString('base64'));
  const made = { name: NAME, sealed: sealer.seal(key, context) };
  await db.insert(installationKeys).values(made).onConflictDoNothing();
  const sealed = await findSealed(db);
  if (sealed === undefined) throw new Error(`The key ${NAME} is not there right after it was made`);
  return sealed;
}
