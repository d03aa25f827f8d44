import { parseArgs } from 'node:util';
import {
  findOrInsertOrganization,
  insertApiKey,
  insertAuditEntry,
  migrate,
  openDatabase,
  withTransaction,
} from '@ccluster/db';
import { InputRefused, newId, parseCreateApiKey, parseCreateOrganization, ROLES, type Role } from '@ccluster/domain';
import { createLogger, parseEnvironment, systemClock } from '@ccluster/runtime';
import { z } from 'zod';
import { hashApiKey, newApiKey } from './access/api-key.js';
import { databaseUrlVariable } from './config.js';

const random = (bytes: Uint8Array) => crypto.getRandomValues(bytes);

/** Makes a key, and its organization where there is none of that name. Prints one line of JSON: the key, this once. */
async function createKey(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { organization: { type: 'string' }, role: { type: 'string' }, name: { type: 'string' } },
  });
  const nowMs = systemClock.nowMs();
  const { organizationName, role, name } = parseOptions(values, nowMs);
  const { DATABASE_URL: url } = parseEnvironment(z.object({ DATABASE_URL: databaseUrlVariable }), env);
  await migrate(url);
  const database = openDatabase({
    url,
    maxConnections: 1,
    applicationName: 'ccluster-create-key',
    onIdleError: () => {},
  });
  try {
    const key = newApiKey(random);
    const secretHash = hashApiKey(key);
    const id = newId('key', nowMs, random);
    const by = { principalId: 'create-key', principal: 'create-key', role: 'OPERATOR' } as const;
    const what = { operation: 'create-key', targetId: id, outcome: 'OK', requestId: crypto.randomUUID() };
    const organizationId = await withTransaction(database, async (tx) => {
      const organization = await findOrInsertOrganization(tx, organizationName, newId('org', nowMs, random));
      const owner = { organizationId: organization.id, createdBy: 'create-key' };
      await insertApiKey(tx, { ...owner, id, name, role, secretHash });
      await insertAuditEntry(tx, { ...by, ...what, organizationId: organization.id });
      return organization.id;
    });
    process.stdout.write(`${JSON.stringify({ organizationId, keyId: id, key })}\n`);
  } finally {
    await database.close();
  }
}

interface Options {
  readonly organizationName: string;
  readonly role: Role;
  readonly name: string;
}

/** By the rules of the mutations. Throws an error that says what is wrong and what to give. */
function parseOptions(unsafeOptions: Readonly<Record<string, unknown>>, nowMs: number): Options {
  try {
    const { name: organizationName } = parseCreateOrganization({ name: unsafeOptions['organization'] });
    const { name, role } = parseCreateApiKey({ name: unsafeOptions['name'], role: unsafeOptions['role'] }, nowMs);
    return { organizationName, name, role };
  } catch (error) {
    if (!(error instanceof InputRefused)) throw error;
    const usage = `Give --organization <name>, --role <${ROLES.join('|')}> and --name <name of the key>`;
    throw new Error(`${usage}: ${error.message}`, { cause: error });
  }
}

createKey(process.argv.slice(2), process.env).catch((error: unknown) => {
  createLogger('create-key').fatal({ error }, 'no key was made');
  process.exitCode = 1;
});
