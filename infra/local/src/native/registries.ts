import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { Registries, RegistryCredentials } from '../images/push-image.js';
import { htpasswdLine, keptRegistryCredentials } from '../images/registry-credentials.js';
import type { LocalContext } from '../support/context.js';
import { startDaemon } from '../support/daemon.js';
import { unpackDebianPackages } from '../support/debian-packages.js';
import { findFreePort } from '../support/free-port.js';

const BASE_PORT = 25000;

/** Starts both image registries from Debian's package; what was pushed before is still there. */
export async function startNativeRegistries(context: LocalContext): Promise<Registries> {
  const root = await unpackDebianPackages(context, 'docker-registry', ['docker-registry']);
  const program = join(root, 'usr/bin/docker-registry');
  const credentials = keptRegistryCredentials(context);
  const openPort = await findFreePort(BASE_PORT + 2 * context.instance);
  const lockedPort = await findFreePort(BASE_PORT + 2 * context.instance + 1);
  const [open, locked] = await Promise.all([
    startRegistry(context, program, 'registry-open', openPort),
    startRegistry(context, program, 'registry-locked', lockedPort, credentials),
  ]);
  return { open: { url: open }, locked: { url: locked, credentials } };
}

async function startRegistry(
  context: LocalContext,
  program: string,
  name: string,
  port: number,
  credentials?: RegistryCredentials,
): Promise<string> {
  const dir = join(context.localDir, 'registries', name);
  mkdirSync(dir, { recursive: true });
  const htpasswd = join(dir, 'htpasswd');
  if (credentials !== undefined) {
    writeFileSync(htpasswd, await htpasswdLine(credentials), { mode: 0o600 });
  }
  const config = join(dir, 'config.yml');
  writeFileSync(config, stringify(registryConfig(dir, port, credentials && htpasswd)));
  const url = `http://127.0.0.1:${port}`;
  await startDaemon(context, {
    name,
    command: program,
    args: ['serve', config],
    logFile: join(context.localDir, 'logs', `${name}.log`),
    isReady: async (signal) => [200, 401].includes((await fetch(`${url}/v2/`, { signal })).status),
    readyTimeoutMs: 10_000,
  });
  return url;
}

function registryConfig(dir: string, port: number, htpasswd: string | undefined): object {
  return {
    version: '0.1',
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: join(dir, 'data') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${port}` },
    ...(htpasswd !== undefined && { auth: { htpasswd: { realm: 'ccluster', path: htpasswd } } }),
  };
}
