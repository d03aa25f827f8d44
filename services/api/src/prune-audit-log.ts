import { parseArgs } from 'node:util';
import { deleteAuditEntries, openDatabase } from '@ccluster/db';
import { createLogger, parseEnvironment } from '@ccluster/runtime';
import { z } from 'zod';
import { databaseUrlVariable } from './config.js';

/** As the trigger in the database has it. */
const MIN_DAYS = 30;

/** Deletes entries of the audit log that are older. Prints one line of JSON: how many. */
async function pruneAuditLog(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { values } = parseArgs({ args, options: { 'older-than-days': { type: 'string' } } });
  const days = Number(values['older-than-days']);
  if (!Number.isInteger(days) || days < MIN_DAYS || days > 36_500)
    throw new Error(`Give --older-than-days <a whole number, at least ${MIN_DAYS}>`);
  const { DATABASE_URL: url } = parseEnvironment(z.object({ DATABASE_URL: databaseUrlVariable }), env);
  const applicationName = 'ccluster-prune-audit-log';
  const database = openDatabase({ url, maxConnections: 1, applicationName, onIdleError: () => {} });
  try {
    process.stdout.write(`${JSON.stringify({ deleted: await deleteAuditEntries(database, days) })}\n`);
  } finally {
    await database.close();
  }
}

pruneAuditLog(process.argv.slice(2), process.env).catch((error: unknown) => {
  createLogger('prune-audit-log').fatal({ error }, 'the audit log was not pruned');
  process.exitCode = 1;
});
