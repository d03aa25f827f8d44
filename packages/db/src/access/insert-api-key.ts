import type { Role } from '@ccluster/domain';
import type { Queryable } from '../connection/database.js';
import { apiKeys } from '../schema/api-keys.js';
import { apiKeyColumns, type ApiKeyRow } from './list-api-keys.js';

export interface NewApiKey {
  readonly id: string;
  readonly organizationId: string;
  readonly name: string;
  readonly role: Role;
  /** SHA-256 of the whole key. */
  readonly secretHash: Buffer;
  readonly createdBy: string;
  /** null, or not given: never. */
  readonly expiresAt?: Date | null;
}

export async function insertApiKey(db: Queryable, key: NewApiKey): Promise<ApiKeyRow> {
  const [row] = await db.insert(apiKeys).values(key).returning(apiKeyColumns);
  return row!;
}
