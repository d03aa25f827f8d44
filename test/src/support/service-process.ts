import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import { waitFor } from '@ccluster/testkit';

const repository = new URL('../../..', import.meta.url).pathname;
const READY_TIMEOUT_MS = 60_000;
const host = '127.0.0.1';

export type ServiceName = 'api' | 'dispatcher' | 'watcher';

/** One of the three services as a process of its own, that a test may kill and start again on the same port. */
export interface ServiceProcess {
  readonly address: string;
  /** Path of what it writes. */
  readonly logFile: string;
  /** Of the process that runs now, or ran last. */
  pid(): number | undefined;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT: as a machine that hangs for a while. */
  pause(): void;
  resume(): void;
  /** Resolves when it is ready. @param overrides environment variables, for this time only */
  start(overrides?: Readonly<Record<string, string>>): Promise<void>;
  /** SIGTERM; resolves when it has ended. */
  stop(): Promise<void>;
  /** Resolves with what ended it, once nothing of it runs. */
  ended(): Promise<NodeJS.Signals | number | null>;
}

/**
 * Starts a service and waits until it is ready. Its output goes to `.local/logs/e2e-<label>-<name>.log`.
 * @param runner a program with its arguments that becomes, or runs, the command line after them
 */
export async function startService(
  name: ServiceName,
  label: string,
  env: Record<string, string>,
  runner: readonly string[] = [],
): Promise<ServiceProcess> {
  const port = await freePort();
  const address = `http://${host}:${port}`;
  const logFile = join(repository, '.local', 'logs', `e2e-${label}-${name}.log`);
  let child: ChildProcess | undefined;
  let exit: Promise<NodeJS.Signals | number | null> = Promise.resolve(null);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child?.kill(signal);
    // A process that is paused would not hear of SIGTERM.
    if (signal === 'SIGTERM') child?.kill('SIGCONT');
    await exit;
  };
  const service: ServiceProcess = {
    address,
    logFile,
    pid: () => child?.pid,
    kill: () => end('SIGKILL'),
    pause: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    stop: () => end('SIGTERM'),
    ended: () => exit,
    start: async (overrides) => {
      const address = { HOST: host, PORT: String(port), HEALTH_HOST: host, HEALTH_PORT: String(port) };
      const started = spawnLogged([...runner, ...commandOf(name)], logFile, { ...env, ...overrides, ...address });
      child = started;
      exit = exitOf(started);
      await untilReady(name, service, started);
    },
  };
  await service.start();
  return service;
}

async function exitOf(child: ChildProcess): Promise<NodeJS.Signals | number | null> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal ?? code;
}

async function untilReady(name: ServiceName, { address, logFile }: ServiceProcess, child: ChildProcess): Promise<void> {
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  await waitFor(async () => hasEnded() || (await fetch(`${address}/readyz`)).ok, {
    timeoutMs: READY_TIMEOUT_MS,
    what: `${name} to be ready`,
  });
  if (hasEnded()) throw new Error(`${name} ended:\n${readFileSync(logFile, 'utf8').slice(-2000)}`);
}

function commandOf(name: ServiceName): string[] {
  return [process.execPath, join(repository, 'services', name, 'dist', 'service.mjs')];
}

function spawnLogged(
  [command = '', ...args]: readonly string[],
  logFile: string,
  env: Record<string, string>,
): ChildProcess {
  mkdirSync(join(logFile, '..'), { recursive: true });
  const log = openSync(logFile, 'a');
  try {
    return spawn(command, args, {
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

/** That nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, host), 'listening');
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}
