import { randomBytes } from 'node:crypto';

import { newId } from '@ccluster/domain';
import { aJobSpec, createTestDatabase } from '@ccluster/testkit';

import { openDatabase, type Database } from '../connection/database.js';
import { insertJob } from '../jobs/insert-job.js';
import { organizations } from '../schema/organizations.js';
import { withTransaction } from '../connection/transaction.js';

/** A migrated database of its own with one organization. */
export interface DatabaseFixture {
  readonly url: string;
  readonly database: Database;
  readonly organizationId: string;
  /** A queued job that is due now; gives its id. */
  newJob(completions?: number): Promise<string>;
  close(): Promise<void>;
}

export async function openDatabaseFixture(): Promise<DatabaseFixture> {
  const { url, drop } = await createTestDatabase();
  const database = openDatabase({ url, maxConnections: 10, applicationName: 'test', onIdleError: () => undefined });
  const organizationId = newId('org', Date.now(), randomBytesInto);
  await database.db.insert(organizations).values({ id: organizationId, name: 'test' });
  return {
    url,
    database,
    organizationId,
    newJob: async (completions = 1) => {
      const id = newId('job', Date.now(), randomBytesInto);
      const spec = aJobSpec({ name: `j-${id.slice(-12)}`, completions, parallelism: 1 });
      const hidden = { warnings: [], hasImagePullSecret: false, sealedSecrets: Buffer.alloc(1), createdBy: 'test' };
      await withTransaction(database, (tx) => insertJob(tx, { id, organizationId, spec, ...hidden }));
      return id;
    },
    close: async () => {
      await database.close();
      await drop();
    },
  };
}

function randomBytesInto(bytes: Uint8Array): Uint8Array {
  bytes.set(randomBytes(bytes.length));
  return bytes;
}
