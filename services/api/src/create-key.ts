import { parseArgs } from 'node:util';
import { findOrInsertOrganization, insertApiKey, migrate, openDatabase } from '@ccluster/db';
import { newId, ROLES } from '@ccluster/domain';
import { createLogger, parseEnvironment, systemClock } from '@ccluster/runtime';
import { z } from 'zod';
import { hashApiKey, newApiKey } from './access/api-key.js';
import { databaseUrlVariable } from './config.js';

const optionsSchema = z.object({
  organization: z.string().min(1).max(100),
  role: z.enum(ROLES),
  name: z.string().min(1).max(100),
});

const random = (bytes: Uint8Array) => crypto.getRandomValues(bytes);

/** Makes a key, and its organization where there is none of that name. Prints one line of JSON: the key, this once. */
async function createKey(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { organization: { type: 'string' }, role: { type: 'string' }, name: { type: 'string' } },
  });
  const { organization: organizationName, role, name } = parseOptions(values);
  const { DATABASE_URL: url } = parseEnvironment(z.object({ DATABASE_URL: databaseUrlVariable }), env);
  await migrate(url);
  const database = openDatabase({
    url,
    maxConnections: 1,
    applicationName: 'ccluster-create-key',
    onIdleError: () => {},
  });
  try {
    const nowMs = systemClock.nowMs();
    const organization = await findOrInsertOrganization(database.db, organizationName, newId('org', nowMs, random));
    const key = newApiKey(random);
    const id = newId('key', nowMs, random);
    const secretHash = hashApiKey(key);
    await insertApiKey(database.db, {
      id,
      organizationId: organization.id,
      name,
      role,
      secretHash,
      createdBy: 'create-key',
    });
    process.stdout.write(`${JSON.stringify({ organizationId: organization.id, keyId: id, key })}\n`);
  } finally {
    await database.close();
  }
}

function parseOptions(unsafeOptions: unknown): z.output<typeof optionsSchema> {
  const parsed = optionsSchema.safeParse(unsafeOptions);
  if (parsed.success) return parsed.data;
  throw new Error(`Give --organization <name>, --role <${ROLES.join('|')}> and --name <name of the key>`);
}

createKey(process.argv.slice(2), process.env).catch((error: unknown) => {
  createLogger('create-key').fatal({ error }, 'no key was made');
  process.exitCode = 1;
});
