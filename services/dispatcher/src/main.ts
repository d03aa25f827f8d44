import { runMain, startTracing } from '@ccluster/runtime';
import { parseConfig } from './config.js';
import { startDispatcher } from './start-dispatcher.js';

runMain('dispatcher', async (lifecycle, log) => {
  const config = parseConfig(process.env);
  log.level = config.logLevel;
  await startTracing(config.tracing, lifecycle, log);
  await startDispatcher(config, lifecycle, log);
});
