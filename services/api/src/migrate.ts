import { migrate } from '@ccluster/db';
import { createLogger, parseEnvironment } from '@ccluster/runtime';
import { z } from 'zod';
import { databaseUrlVariable } from './config.js';

const log = createLogger('migrate');

/** Brings the schema up to date and ends: for deployments, which end a service that takes long to start. */
async function main(env: NodeJS.ProcessEnv): Promise<void> {
  const { DATABASE_URL: url } = parseEnvironment(z.object({ DATABASE_URL: databaseUrlVariable }), env);
  await migrate(url, { say: (what) => log.info(what) });
  log.info('the schema is up to date');
}

main(process.env).catch((error: unknown) => {
  log.fatal({ error }, 'the schema was not brought up to date');
  process.exitCode = 1;
});
