import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { startComponent, type Component } from '../support/component.js';
import type { LocalContext } from '../support/context.js';
import { debianLibraryPath, unpackDebianPackages } from '../support/debian-packages.js';
import { findFreePort } from '../support/free-port.js';

const BASE_PORT = 26379;
const PACKAGES = [
  'redis-server',
  'redis-tools',
  'libatomic1',
  'libhiredis0.14',
  'libjemalloc2',
  'liblua5.1-0',
  'liblzf1',
  'lua-bitop',
  'lua-cjson',
];

/** Starts an empty Redis from Debian's packages; its URL is `redis://…`. */
export async function startNativeRedis(context: LocalContext): Promise<{ url: string; component: Component }> {
  const root = await unpackDebianPackages(context, 'redis', PACKAGES);
  const port = await findFreePort(BASE_PORT + context.instance);
  const dataDir = join(context.localDir, 'redis');
  rmSync(dataDir, { recursive: true, force: true });
  mkdirSync(dataDir, { recursive: true });
  const component = await startComponent(context, {
    name: 'redis',
    command: join(root, 'usr/bin/redis-server'),
    args: redisArguments(port, dataDir),
    env: { LD_LIBRARY_PATH: debianLibraryPath(root) },
    logFile: join(context.localDir, 'logs', 'redis.log'),
    isReady: (signal) => answersPing(port, signal),
    readyTimeoutMs: 10_000,
  });
  return { url: `redis://127.0.0.1:${port}`, component };
}

function redisArguments(port: number, dataDir: string): string[] {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: dataDir,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction', // BullMQ loses jobs on a server that evicts keys.
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

async function answersPing(port: number, signal: AbortSignal): Promise<boolean> {
  const socket = connect({ host: '127.0.0.1', port });
  try {
    socket.write('PING\r\n');
    const [answer] = await once(socket, 'data', { signal });
    return String(answer).startsWith('+PONG');
  } finally {
    socket.destroy();
  }
}
