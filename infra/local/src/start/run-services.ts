import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import type { Environment } from '../environment.js';
import type { LocalContext } from '../support/context.js';
import { startDaemon, type Daemon } from '../support/daemon.js';
import { findFreePort } from '../support/free-port.js';

const HOST = '127.0.0.1';
const API_BASE_PORT = 8080;
const DISPATCHER_BASE_PORT = 8280;
const WATCHER_BASE_PORT = 8480;
/** The clusters are on this machine, or in the network of whoever gives a KUBECONFIG. */
const CLUSTER_ADDRESSES = '127.0.0.0/8,10.0.0.0/8,100.64.0.0/10,172.16.0.0/12,192.168.0.0/16,::1,fc00::/7';

/** What every service is told. */
export type ServiceEnv = Record<string, string>;

export function serviceEnv(context: LocalContext, { databaseUrl, redisUrl }: Environment): ServiceEnv {
  return {
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    CCLUSTER_ENCRYPTION_KEY: keptEncryptionKey(context),
    CLUSTER_ADDRESSES_ALLOWED: CLUSTER_ADDRESSES,
    GRAPHIQL: 'on',
    CCLUSTER_INSTALLATION: `local-${context.instance}`,
  };
}

/** Starts api, dispatcher and watcher, each a process with its log in `.local/logs/`; gives the api's `http://` address. */
export async function runServices(context: LocalContext, env: ServiceEnv): Promise<string> {
  const api = await runService(context, 'api', API_BASE_PORT, env); // The first: it brings the database's schema up to date.
  await Promise.all([
    runService(context, 'dispatcher', DISPATCHER_BASE_PORT, env),
    runService(context, 'watcher', WATCHER_BASE_PORT, env),
  ]);
  return api;
}

async function runService(context: LocalContext, name: string, basePort: number, env: ServiceEnv): Promise<string> {
  const port = await findFreePort(basePort + context.instance);
  const address = `http://${HOST}:${port}`;
  const daemon = await startDaemon(context, {
    name,
    command: process.execPath,
    args: [join(context.repoDir, 'services', name, 'dist', 'service.mjs')],
    env: { ...env, HOST, PORT: String(port), HEALTH_HOST: HOST, HEALTH_PORT: String(port) },
    logFile: join(context.localDir, 'logs', `${name}.log`),
    isReady: async (signal) => (await fetch(`${address}/readyz`, { signal })).ok,
    readyTimeoutMs: 30_000,
    stopTimeoutMs: 12_000,
  });
  void sayUnlessStopping(context, daemon);
  return address;
}

/** Nothing restarts a service here: its end is for people to see. */
async function sayUnlessStopping({ signal, progress }: LocalContext, { name, exited }: Daemon): Promise<void> {
  const code = await exited;
  if (!signal.aborted) progress.say(`✗ ${name} ended by itself with ${code}: see .local/logs/${name}.log`);
}

/** Random once for each checkout: what was encrypted in a database of the user's can be read after a restart. */
function keptEncryptionKey({ localDir }: LocalContext): string {
  const file = join(localDir, 'secrets', 'encryption-key');
  if (!existsSync(file)) {
    mkdirSync(join(localDir, 'secrets'), { recursive: true });
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8');
}
