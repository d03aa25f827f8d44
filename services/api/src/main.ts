import { runMain, startTracing } from '@ccluster/runtime';
import { parseConfig } from './config.js';
import { startApi } from './start-api.js';

runMain('api', async (lifecycle, log) => {
  const config = parseConfig(process.env);
  log.level = config.logLevel;
  await startTracing(config.tracing, lifecycle, log);
  const address = await startApi(config, lifecycle, log);
  log.info({ address }, 'listening');
});
