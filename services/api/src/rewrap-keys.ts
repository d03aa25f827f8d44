import { parseArgs } from 'node:util';
import { createSealer, encryptionKeysVariable, openDatabase, rewrapSecrets, type RewrapProgress } from '@ccluster/db';
import { createLogger, parseEnvironment, steadyClock } from '@ccluster/runtime';
import { z } from 'zod';
import { databaseUrlVariable } from './config.js';

const PROGRESS_INTERVAL_MS = 1_000;

const variables = z.object({ DATABASE_URL: databaseUrlVariable, CCLUSTER_ENCRYPTION_KEY: encryptionKeysVariable });

/**
 * Puts every stored secret under the first encryption key. Says on stderr how far it is, and prints one line of JSON: how
 * many secrets there are under which key. Fails where any is left under another one.
 */
async function rewrapKeys(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  parseArgs({ args, options: {} });
  const { DATABASE_URL: url, CCLUSTER_ENCRYPTION_KEY: keys } = parseEnvironment(variables, env);
  const sealer = createSealer(keys);
  const applicationName = 'ccluster-rewrap-keys';
  const database = openDatabase({ url, maxConnections: 1, applicationName, onIdleError: () => {} });
  try {
    const { rewrapped, found, unopened, problems } = await rewrapSecrets(database.db, sealer, tellNowAndThen());
    const none = Object.fromEntries(sealer.keyIds.map((keyId) => [keyId, 0]));
    const secretsByKey = { ...none, ...Object.fromEntries(found) };
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    process.stdout.write(`${JSON.stringify({ key: sealer.keyId, rewrapped, secretsByKey, unopened })}\n`);
    const left = [...found].reduce((sum, [keyId, secrets]) => sum + (keyId === sealer.keyId ? 0 : secrets), 0);
    if (left > 0) throw new Error(`${left} secrets are left under other keys than ${sealer.keyId}: keep those keys`);
  } finally {
    await database.close();
  }
}

function tellNowAndThen(): (progress: RewrapProgress) => void {
  let toldMs = Number.NEGATIVE_INFINITY;
  return ({ column, looked, rewrapped }) => {
    if (steadyClock.nowMs() - toldMs < PROGRESS_INTERVAL_MS) return;
    toldMs = steadyClock.nowMs();
    process.stderr.write(`${column}: ${looked} looked at, ${rewrapped} of them put under the first key\n`);
  };
}

rewrapKeys(process.argv.slice(2), process.env).catch((error: unknown) => {
  createLogger('rewrap-keys').fatal({ error }, 'not every secret is under the first key');
  process.exitCode = 1;
});
